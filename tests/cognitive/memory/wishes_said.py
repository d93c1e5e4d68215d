"""What people say about being remembered, and what only looks like it: one phrase a line, as it is said, typed or recognised."""

from __future__ import annotations


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


CONSENT = _lines(
    """
    Please remember me.
    remember me
    Remember me, please!
    please remember me
    PLEASE REMEMBER ME
    pls remember me
    Yes, please remember me.
    yes please remember me
    Yes, remember me.
    ok remember me
    Sure, you can remember me.
    You may remember me.
    you may remember me
    You can remember me, sure.
    you can keep my data
    You can keep what I say.
    You may store my data.
    You're allowed to remember me.
    You are welcome to remember me
    Of course you may remember me.
    I want to be remembered
    I'd like to be remembered.
    i would like to be remembered please
    I want you to remember me.
    I'd like you to remember me
    I would love you to remember my name.
    i want you to remember me next time
    Could you please remember me? I'm Anna
    Can you please remember me?
    could you please remember my name
    Would you remember me please
    My name is Anna and please remember me
    Hello, I'm Anna. Please remember me.
    hello my name is anna please remember me
    hi i'm ben please remember me next time
    Remember me, I'm Anna!
    Please remember my name.
    Please remember who I am.
    Remember me for next time.
    please remember me when i come back
    Remember me the next time we meet, please.
    I agree to be remembered.
    I consent to being remembered
    Yes, I agree to be remembered.
    I'm fine with being remembered.
    You have my permission to remember me.
    I give you my consent to keep my data.
    Feel free to remember me.
    It's okay to remember me.
    It's okay if you keep my data.
    I live in Berlin. Please remember me.
    I'm not Ben, I'm Anna. Hello! You may remember what I say.
    It was nice to meet you, please remember me.
    please remember me. how are you
    Thank you and please remember me.
    You may keep what you know about me.
    Ok, you may keep what I tell you.
    I'm Anna and I would like to be remembered.
    Yes of course, please remember me.
    Hi Ada, I'm Tom, please remember me for next time
    It's fine if you remember me.
    please do remember me
    You can store what I say.
    Sure you can keep my data, thanks
    i'd love to be remembered
    Remember my name please
    Please, remember me!
    I'm Sarah. I'd like you to remember me, please.
    Please could you remember me for next time
    You've got my permission to remember me
    Oh and please remember me!
    remember me ok
    Ja, please remember me
    yeah sure you can remember my name
    I want to be remembered by you
    """
)

NO_CONSENT = _lines(
    """
    I never said you can keep my data
    I never said, you can keep my data.
    I did not say you may remember me
    Remember me to your sister
    remember me to him please
    Please remember me to your mother.
    Ben said please remember me
    Ben said: please remember me
    Ben said, please remember me.
    Ben said "remember me"
    She told me to say please remember me
    My mother always says you may keep my data
    He wants to be remembered
    Ben wants you to remember him
    Should you remember me?
    Will you remember me?
    Can you remember me?
    can you remember me
    Would it help if you remember me?
    You want to remember me?
    You can keep my data? Really?
    You may remember me?
    Did I say you can keep my data?
    why would i want to be remembered
    Who says you can remember me?
    What happens if you remember me?
    How do I get you to remember me?
    If I say you can keep my data, what happens?
    You can keep my data if my mother agrees.
    You may remember me unless Ben minds.
    Remember me when I'm gone, said the poem.
    There is a song, remember me.
    The song goes remember me
    I'm reading a book called Remember Me.
    Do you know the film Remember Me?
    My password is remember me
    'Please remember me' is what they all say.
    Type remember me into the box
    He ticked the box remember me
    Please remember me. Just kidding.
    Please remember me. No, wait, don't.
    please remember me no wait
    Remember me? Not likely.
    Remember me... or rather not.
    You can remember me, but I would rather you didn't.
    You may remember me, not.
    I want to be remembered, no I don't
    I don't know if I want to be remembered
    I'm not sure I want you to remember me
    I doubt that I want to be remembered
    I would like to be remembered as a kind man one day
    Everybody wants to be remembered.
    Maybe you can remember me
    Perhaps you may keep my data.
    Actually, please remember me. Never mind, cancel that.
    I can't remember my name
    I remember my name
    remember the milk
    Remember me telling you about Rome?
    You can keep my umbrella.
    You can keep the change
    remember my keys
    please remember my appointment
    It is not true that you can keep my data
    Nobody said you may store my data
    I wish I could remember me as a child
    Let's pretend: please remember me.
    In the play I say please remember me
    You remember me
    I agree.
    yes
    sure
    I agree to the recording.
    You may record this.
    They think you can keep my data.
    I thought you can keep my data
    Tell Ben to remember me.
    please tell anna to remember me
    Can my sister be remembered?
    Ben, please remember me to the others
    Does that mean you can keep my data?
    so you may remember me is what you heard
    You can keep my data? I don't think so.
    You can keep what I say when hell freezes over
    You can remember me all you want, I won't be back
    I hate that you can remember me
    Anna says you may remember her
    Anna says you may remember me
    So you can keep my data now, can you?
    you can keep my data can you
    As if you may keep my data
    I never agreed to be remembered
    I want to be remembered by my children
    We want to be remembered as heroes
    Would you like to be remembered?
    do i want to be remembered
    Who wants to be remembered?
    Not that I want to be remembered
    I hardly think you may keep my data
    Translate please remember me into French
    How do you say please remember me in German?
    What does remember me mean
    Say please remember me
    Repeat after me: remember me.
    say remember me
    He asked could you please remember me
    Please remember me? No thanks.
    I'd like to be remembered but not by you
    The sign said you may keep my data
    Grandma used to say remember me
    They asked whether you may remember me
    I used to want to be remembered
    I wanted to be remembered
    I would have liked to be remembered
    It would be wrong to remember me
    You may remember me from last week
    You may remember me from yesterday's tour.
    You may remember me, I was here yesterday
    you can remember me from the party right
    I agree to be remembered? Where does it say that?
    I did not agree to be remembered
    Please remember me, he begged.
    Remember me, whispered the ghost.
    "Please remember me," she said.
    remember me she said
    please remember me is what he wrote
    Remember me not.
    Don't, please, remember me.
    you may keep my data, said nobody ever
    You may keep my data over my dead body
    Please remember me and Ben said the same
    If you must, remember me
    I say you can keep my data but I am lying
    The rule is you can keep my data
    Under no circumstances you may keep my data
    Is it okay if you keep my data?
    is it okay if you keep my data
    Do you agree to be remembered
    you may remember me as the guy who spilled coffee
    You may remember me well
    Hello? Remember me?
    remember me hello
    ok google remember me
    I am told you may remember me
    please remember me to anna
    please remember me fondly
    Please remember me for what I was.
    You may keep my data only today
    You may keep my data until I leave
    please remember me until tomorrow
    It would be okay if you keep my data, or would it
    Yes please remember my coffee
    yes I want you to remember me saying that
    I don't mind if you remember me
    Anna: please remember me
    > please remember me
    please remember me (this is a test)
    Well, if you must, you may remember me
    Someone wrote please remember me on the wall
    could you please remember me to Dr Hill?
    could you please remember me as a child
    You may keep what I say... from others.
    you may keep what i say to yourself
    """
)

WITHDRAWAL = _lines(
    """
    Forget me.
    forget me
    FORGET ME!!!
    please forget me
    forget me pls
    Please forget all about me.
    Just forget about me.
    Could you forget me please
    Can you forget me?
    you can forget me now
    You should forget me.
    I want you to forget me.
    i'd like you to forget me
    I want to be forgotten
    i would like to be forgotten please
    I have a right to be forgotten
    please delete everything you know about me
    Delete everything about me.
    delete all you have on me
    erase everything you remember about me
    please erase what you know of me
    remove my data
    wipe my data
    wipe all my data please
    please remove everything about me
    Please remove me from your memory.
    remove me from the database
    delete me
    please delete me from your system
    erase me from your memory
    delete my data
    Delete all my personal data right now!
    Would you mind deleting my data?
    could you please delete all the information about me
    Can I have my data deleted?
    I want my data deleted.
    i want all my data to be erased
    My data should be deleted.
    please have my data removed
    I need you to delete my information
    I'd like to delete my data
    how can i delete my data
    I demand that you delete my data
    I insist that you erase everything about me.
    get rid of my data
    Please get rid of everything you have about me
    clear my history
    clear your memory of me
    forget my name
    forget everything I told you
    Forget everything I've said.
    forget all that i told you
    please forget everything i have told you today
    Delete what I told you.
    erase everything i said
    forget that I was ever here
    Forget you ever met me.
    please don't ever remember me
    Don't remember me.
    don't remember me please
    do not remember me
    dont remember me
    never remember me
    Please do not remember anything about me.
    I don't want you to remember anything about me
    I don't want you to remember me
    i dont want to be remembered
    I do not wish to be remembered.
    I'd rather not be remembered.
    I would prefer not to be remembered
    I would rather you didn't remember me
    i would prefer it if you did not keep my data
    don't store anything about me
    don't keep anything about me
    Don't keep my data.
    don't save my name
    please do not save any data about me
    do not store what i tell you
    Don't keep what I say.
    You must not keep my data.
    you may not store anything about me
    You can't keep my data.
    you're not allowed to remember me
    You are not allowed to store my data
    you have no right to keep my data
    stop remembering me
    stop storing my data
    Stop keeping notes about me.
    remember nothing about me
    Nothing about me should be kept.
    I don't want anything about me stored
    i do not want my data kept
    I don't want my data to be stored.
    I don't agree to being remembered.
    I do not agree to be remembered, remember me not
    I don't agree that you keep my data
    I no longer agree to be remembered
    I withdraw my consent
    i hereby withdraw my consent to be remembered
    I want to withdraw my consent.
    I revoke my consent
    I'd like to take back my consent
    i take back my permission
    I no longer consent.
    I do not consent to this.
    you no longer have my permission
    I don't give you permission to keep my data
    I changed my mind about being remembered
    I refuse to be remembered
    I object to you storing my data
    I'm not comfortable with you keeping my data
    i am not okay with being remembered
    you can keep what I say? no way!
    You can keep my data? Never!
    Thanks, that was nice. Now delete my data.
    thank you that was nice now please delete my data
    no delete my data
    No, I want you to forget me.
    hey robot delete everything about me
    hello i am leaving now forget me
    My name is Anna and I want you to delete my data
    Please remember me. No, forget me.
    I said delete my data!
    don't forget to delete my data
    make sure that my data is deleted
    why don't you just forget me
    it would be nice if you could delete my data
    when i leave please delete my data
    Remember me not.
    erase my memory
    I'd like my data gone
    get my data out of your system
    take me out of your memory
    You have to delete my data.
    You need to forget me.
    I ask you to delete everything about me.
    I want everything about me deleted
    everything you know about me must be deleted
    I want all of my information removed from your system
    scrub my data
    purge everything about me
    don't keep any record of me
    Don't record what I say.
    I do not want you to store my name.
    please don't hold on to my data
    don't you dare remember me
    No, don't remember me.
    Sorry, I don't want to be remembered after all.
    I'd prefer you to forget me
    i want you to forget i was here
    I don't want to be in your memory
    keep nothing about me
    leave no trace of me
    can you please delete my stuff
    delete the things you know about me
    delete what you know about me
    I want my memory deleted
    wipe what you know about me
    I said forget me
    forget about everything i told you
    dont save anything i say
    don't remember anything I've told you
    Please make sure you forget me.
    Please forget us.
    Delete our data.
    don't keep anything i said
    I don't want you keeping my data
    I don't like you remembering me
    my consent is withdrawn
    I'm withdrawing my consent
    cancel my consent
    Could my data be deleted?
    let me be forgotten
    um can you like delete everything about me
    ich heiße anna delete my data
    I hereby ask for my data to be deleted
    I request deletion of my data
    I request the deletion of my personal data.
    please stop keeping my data
    I do not allow you to keep my data
    I forbid you to remember me
    You shouldn't remember me
    i don't think you should remember me
    I think you should forget me
    I think it's better if you forget me
    better forget me
    best to delete my data
    Ada, forget me.
    ada forget me
    Hey, forget about me, okay?
    Would you forget me please?
    Delete it all, everything about me!
    Please erase the conversation.
    delete our conversation
    delete this conversation
    I don't want any of this stored
    remove my name from your memory
    Remove all traces of me
    Delete my account
    don't use my data
    forget all I said
    Can you remove everything that you know about me please?
    I don't want you to have my data
    i don't want you to know my name anymore
    could you please wipe my memory file
    would you be so kind as to delete my data
    kindly delete my data
    please delete whatever you stored about me
    Please delete what you've learned about me.
    all my data has to go, delete it, everything of me
    please delete me completely
    I want nothing about me remembered
    I'd like everything you've saved about me deleted please
    I don't want you to keep any of what I said
    don't keep my information okay
    please do not keep any information on me
    ok now forget everything about me
    erase what I told you about my sister
    please delete the stuff i told you
    please erase all memory of me
    forget you know me
    please forget my face
    I take it all back, don't remember me
    do not under any circumstances remember me
    it's not okay to keep my data
    It is not okay that you keep my data
    nope, you can't remember me
    No! Don't remember me!
    I didn't agree to be remembered
    I never gave you permission to store my data
    who gave you permission to keep my data? delete it
    i'd like to not be remembered
    I would like you not to remember me
    I want you to not keep my data
    please delete my file
    Delete the data you have on me.
    You should delete everything.
    delete everything
    forget everything
    Erase everything, please.
    Please delete all data about me
    """
)

NO_WITHDRAWAL = _lines(
    """
    forget it
    Forget about it.
    don't forget me
    Please don't forget me.
    never forget me
    You must not forget me.
    you won't forget me will you
    forget me not
    I love forget-me-nots.
    I told her to forget me
    She told me to forget him.
    have you forgotten me
    Did you forget me?
    did you delete my data
    Have you deleted my data?
    Do you delete my data?
    When will you delete my data?
    why did you delete my data
    Don't delete my data.
    please don't delete my data
    do not ever delete my data
    I don't want you to forget me
    I don't want you to delete my data
    i do not want to be forgotten
    You don't have to delete my data.
    there is no need to delete my data
    I don't think you should delete anything about me
    Ben said forget me
    My friends forget me.
    People always forget me
    they forget me easily
    He will forget me.
    She wants to forget me
    Ben deleted my data at work.
    My phone deleted my data
    I deleted my data yesterday.
    I forget my name
    I always forget my keys
    I can't remember my name
    I don't remember my name.
    i don't remember what i said
    you don't remember me
    You don't remember me?
    You can't remember me.
    He doesn't remember me.
    they don't remember me
    do you remember my name?
    he will remember me
    please remember me
    delete the picture of the cat
    wipe the table
    remove my plate please
    remove my coat
    Please take my coat away.
    clear my plate
    don't keep me waiting
    keep me company
    don't leave me
    drop me a line
    take me to the door
    delete the last line
    erase the board
    don't store the milk outside
    Forget the weather.
    I forgot my umbrella
    Forget what Ben said.
    don't forget my birthday
    Don't let me forget my keys.
    please don't stop
    stop talking
    stop reminding me
    I don't want tea
    I don't want to talk about it
    don't tell Ben
    I don't agree with you
    I never said that
    I lost all my data when my laptop broke
    what is my data used for
    What do you know about me?
    tell me everything you know about me
    Did you keep my data?
    What happens if you delete my data?
    how long do you keep my data
    If you forget me I will be sad
    You always forget me.
    No one should be forgotten.
    hello
    I won't forget my keys again
    don't forget to remember me
    Did Ben delete my data?
    has anybody deleted my data
    Can you delete the photo of the dog?
    Please remove the cup from my desk.
    Remove my shoes? No.
    Take my picture please
    keep my seat
    don't keep my seat
    Don't hold my hand
    do not touch my data cable
    clear the table for me
    forget the keys
    I don't remember what you told me
    I never remember my dreams
    Don't remember the name of the film
    delete me a line
    I was told you delete my data
    I wonder if you delete my data
    Is my data deleted?
    my data was deleted
    are you allowed to keep my data
    do you store what i say
    you don't store my data, right?
    Why don't you remember me?
    Don't you remember me?
    Don't you know me?
    Can't you remember my name?
    I would never ask you to forget me
    wash my name tag
    Let's forget the past
    don't worry about me
    don't talk about me
    don't worry about what I said
    Stop talking about me!
    I won't have my tea
    don't have my tea
    My sister doesn't want to be remembered
    Ben doesn't want you to remember him
    Delete Ben's data
    forget Ben
    please forget him
    Don't save a seat for me
    don't save the cake for me
    don't write to me
    I didn't write my name
    I don't use my phone
    don't use my phone
    do not use my name badge
    store my coat please
    don't store my coat
    remember to call me
    don't forget about me
    please never forget what I said
    you should not forget what I told you
    I don't have my keys
    Don't note my order yet
    I don't know what you know about me
    I can't keep my eyes open
    i'm not sure i want to be remembered
    don't delete anything about me
    Please keep everything you know about me.
    please do not erase my memory
    I hope you don't forget me
    I hope you won't delete my data
    promise you won't forget me
    promise me you will never forget me
    you'd never forget me
    Will you forget me when I leave?
    I'm afraid you will forget me
    I worry that you forget me
    Would Ben forget me?
    nobody will forget me
    I forget what I said
    I forget what you know about me
    What did I say? I forget.
    He asked me to forget him
    they want to delete my data
    The company deletes my data
    Facebook keeps my data
    Google will delete my data
    I read that you delete my data after a session
    is it true that you delete my data
    do you ever delete my data
    keep my place in the book
    don't hold my umbrella
    erase the picture
    I don't remember you telling me about me
    Don't you remember what I said?
    You never remember what I tell you.
    you don't remember what I said
    you forgot me
    you forgot my name
    do you forget everything I say
    wipe my nose
    clear my throat
    don't take my word for it
    don't record the show
    I don't keep my promises
    """
)

NOT_THIS = _lines(
    """
    Don't remember this.
    forget that
    please don't save that
    that's off the record
    This is off the record.
    forget what I just said
    forget what I said
    don't keep what I just said
    do not store this
    don't write that down please
    forget I said that
    please forget i just said that
    delete what I just said
    don't remember what i said
    Don't remember that.
    please don't remember what I just told you
    Could you forget what I just said?
    forget that please
    off the record, I hate him
    I don't want you to remember that
    I don't want you to remember what I just said
    """
)
