"""Everyday words: what a language model's own initiative may be made of. Data; English, base forms.

Social talk about what is here and now needs few words, and most ways of doing harm need others. A word that is not here, and that
nobody in the room has said, makes the persona's sentence be said instead. What is delicate (`cognitive.safety.risks`) is refused whether
it is here or not.
"""

from __future__ import annotations

import re

_WORDS = """
    a about above abroad absolutely absorb accept accident accompany acorn acrobat across act actor actress actual actually add admire adult
    advice afford afraid africa after afternoon afterwards again against age ago agree ah aha ahead air airport alarm all allow almond
    almost along alphabet already also although always am amazed amazing ambulance america among amount amuse an ancient and angry animal
    anniversary annoyed annoying another answer ant anthem any anybody anyhow anyone anyone's anything anyway anywhere apart apologise
    apologize apparently appear applaud applause apple appointment appreciate apprentice approach apricot april apron archaeologist
    architect are arm armchair around arrange arrive art artist as asia aside ask asked asparagus assist assistant astronaut at ate attempt
    attention attic aubergine audience audio august aunt author autumn available avocado awake aware away baby back backpack bacon bad badge
    badger badly bag bagel bake baker bakery baking balance balcony ball ballad ballet balloon banana band bank banquet barbecue barber
    barely bark barn baroque basically basil basket basketball battery battle be beach bead bean beautiful beautifully beaver became because
    become bedtime bee been beep before beforehand began begin beginning begins begun behind being believe bell belong below belt bench
    beneath berlin beside besides best better between beyond bicycle big bigger biggest bike bin biologist birch bird birthday biscuit bit
    black blackberry blacksmith blanket bleeding bless blind blink block bloom blossom blouse blow blown blue blueberry board boat boil book
    booked booking boot boss both bother bottle bought bounce bow bowl bowtie box boy bracelet brake brand brave bravo bread break breakfast
    breath breathe breeze bridge brief briefly bright brighten brilliant bring broccoli brochure broke broken brooch broom brother brought
    brown brownie brunch brush bubble bucket buckle buffet build builder building built bulb bunch burn bus bush busy but butter butterfly
    button buy buzz by bye cabbage cable cactus cafe café cake calendar calf call called calm came camel camera camp can candle candy
    canteen canvas cap cappuccino captain caramel card cardigan care careful carefully carer caretaker caring carousel carpenter carpet
    carrot carry cartoon carve case castle cat cat's catch cathedral cauliflower cause cave ceiling celebrate celebration celery cello
    center centre century cereal ceremony certain certainly chair chalk chance change chapel chapter charger charming chat cheap check cheek
    cheer cheerful cheerfully cheers cheese chef chemist cherry chess chest chicken child child's children chill chime chimney chin chirp
    chocolate choir choirmaster choose chose chosen christmas cinema cinnamon circle circus citizen city clap class classic classmate clay
    clean clear clearly clementine clever click clinic clip cloakroom clock close closed closely closer closes closing clothes cloud cloudy
    clown clue coach coast coat cocoa coconut coffee coffeehouse cold collar colleague collect collecting collection color colour colourful
    column comb come comfort comfortable comment common company compare compass complete completely composer computer concentrate concern
    concerned concert conductor conference confirm confused confusing confusion congratulate congratulations connect consider contain
    content continue conversation cook cookery cookie cooking cool copy coral cordial cork corner correct correctly corridor cost costume
    cosy cotton cough could count counter country couple courage courgette course courtyard cousin cover cow crab crayon creak cream create
    creative cricket croak crochet croissant crossing crow crowd crowded crown cub cucumber cuff cup cupboard curator curious currant
    curtain cushion custard customer cut cycling dad daddy daffodil daily daisy dance dancer dancing danger dangerous dark darken date
    daughter dawn day dear decade december decide decision decorator deep deer definitely delay delicious delight delighted dentist
    departure depend describe desert design designer desk dessert detail details dial dialect dialogue did difference different differently
    difficult difficulty dig dim dining dinner dinosaur dip direct direction directions directly director disagree disappoint disappointed
    disappointing discover discuss discussion dish display district disturb dizzy do doctor does dog dog's doing doll dolphin domino done
    donkey door doorbell doorway dot double doughnut down downstairs dozen dragon dragonfly draw drawer drawing drawn dream dress drew
    drizzle drone drop dropped drum drummer drums dry duck duet dumpling dunk during dusk dust dusty each eager eagle ear earlier early
    earring earth easel easier easily easter easy eat eaten editor education effect effort egg eight eighteen eighty either elderly
    electrician elegant elephant elevator eleven else email embarrassed embroider emergency empty encore encourage end ending engagement
    engine engineer english engrave enjoy enormous enough enter enthusiasm entire entirely entrance envelope equal eraser error escalator
    especially espresso essay euro europe euros evacuate evaporate even evening event every everybody everybody's everyday everyone
    everything everywhere evidently exact exactly exam example excellent except exchange excited exciting excuse exercise exhibit exhibition
    exit expect expecting expensive experience explain explanation explore express expression extra eye eyes fabric face fact facts fade
    faint fair fairly fall fallen familiar family famous fancy fantastic far farewell farm farmer farther fascinate fascinating father
    father's favorite favourite feast feather february feed feedback feel feeling feet fell felt fence ferry festival fever few fewer field
    fifteen fifth fifty fig figure file film final finally find fine finger finish fire first fish fisherman fit five fix flamingo flap flew
    flicker flight float floor florist flow flower flowers flute fly foal foggy fold folder folk folks follow food foot football for forest
    forester forget forgive forgot forgotten fork form fortnight fortunately forty forward fossil found fountain four fourteen fourth fox
    frame france free freely french frequent fresh friday fridge friend friend's friendly frog from front frost fruit frustrated frustrating
    fry fudge full fully fun funny further future galaxy gale gallery game garage garden gardener gardening garlic gas gate gather gave gaze
    general generally gentle gentleman gentlemen gently genuine geographer geologist german germany gesture get gift giggle ginger giraffe
    girl give given glad gladly glance glass glasses glaze glimpse glitter globe glove glow glue go goal goalkeeper goat golden goldsmith
    good goodbye goodness goose got gothic gotten graduation grammar grand grandad grandchild grandchildren granddaughter grandfather
    grandma grandmother grandpa grandparent grandson granny grape grapefruit grass grasshopper grateful gray great greatly greek green greet
    grew grey grill grin grocer ground group grow grown guess guest guide guided guitar guitarist guy had hail hair haircut hairdresser half
    hall hallway ham hamster hand handbag handle hands handwriting handy happen happened happily happiness happy harbor harbour hard harder
    hardly harvest has hat hatch have having he head headache headline headphones health healthy heap hear heard heat heavy hedge hedgehog
    heel held hello helmet help helped helpful helping helpline hem hen her here hers herself hey hi hiccup high higher hiking hill him
    himself hinge hint hippo his historian history hive hm hobby hold holiday home homework honest honestly honey honk honour hood hook hoop
    hooray hop hope hopeful horizon horn horse hospital host hot hotel hour hours house how however huge hum humor humour hundred hungry
    hurrah hurry hurt husband i ice idea if ill image imagine impatient important impossible impressed impression impressionist impressive
    improve in include indeed individual indoors inform information ink inside insole instant instead instruction instructions instrument
    interest interested interesting intern internet interpret interpreter interrupt interrupted interval interview into introduce
    introduction invent invitation invite involved iron is island it italian italy item its itself jacket jam january jazz jeans jelly
    jellyfish jewel jeweller jigsaw job jog join joke journalist journey joy joyful jug juggler juice july jumper june jungle just kangaroo
    keep kept kettle key keyboard keyhole kid kind kindergarten kindly kindness king kitchen kite kitten kiwi knead knee knew knife knight
    knit knitting knock knocker know known koala label lace laces ladder ladies lady ladybird lake lamb lamp landscape language lantern
    lanyard laptop large last latch late later latest latte laugh laughter laundry lawn lay layer lead leading leaf leaflet lean learn
    learned learnt least leave leaves lecture left legend lemon lemonade lentil less lesson let letter letterbox lettuce level lever
    librarian library life lift light lighten like liked lily lime line linguist lion list listen listening lit little living lizard load
    local locker locomotive london lonely long longer look looking loop lorry lose lost lot loud louder loudly lounge love loved lovely
    loves low lower luck luckily lucky luggage lullaby lunch lunchtime machine madam made magazine magic magical magician magnet mail
    mailbox main mainly majority make mall mammoth man manage manager mandarin mango many map maple marble march market mars marvellous
    masterpiece mat match material mathematician mathematics maths matter may maybe mayor me meadow meal mean meaning means meant meantime
    meanwhile measure mechanic medal medication medicine medieval meet meeting melody melon melt memories memory men mend mention mentioned
    menu meow merely merry message met metal method mhm microphone microscope midday middle midnight might mild milk milkshake mill miller
    million mind mine mint minute mirror miss missed mistake mister misunderstanding mitten mobile model modern mom moment monday monkey
    month moo mood moon moose mop more moreover morning most mostly moth mother mother's motion mountain mouse move moved movie mow mr mrs
    ms much muddle muesli muffin mug mum mummy munch museum museum's music musical musician must my myself mystery name nap napkin narrate
    narrow natural naturally nature near nearby nearly neat necessarily necessary necklace need neigh neighbor neighbour neighbourhood
    neither nephew nervous nest never nevertheless new newer news newspaper next nibble nice nicely nickname niece night nine nineteen
    ninety no noble nobody nod noise noisy none noodles noon nor not note notebook nothing notice noticed novel november now nowhere nurse
    nursery nut o'clock oak obviously occasion ocean october odd of off offer office offline often oh ok okay old older olive omelette on
    once one onion online only onto ooh oops open opened opening opens opera operation opinion opportunity opposite optician option or
    orange orchestra orchid ordinary original ostrich other others otherwise otter ought our ours ourselves out outdoor outdoors outside
    oven over overall overnight owl own pace pack package paddle page paid pain paint painted painter painting pair pale pan pancake panda
    paper parade parcel pardon parent paris park parking parrot parsley part particular particularly partner party pass passage passed past
    pasta path patience patient pattern pause pavement pay pea peace peaceful peach peacock pear pearl pebble pedal peel pen pencil penguin
    pensioner people pepper per perfect perfectly perform performance perhaps person personal pet pharaoh pharmacist pharmacy philosopher
    phone photo photograph photographer photographs physicist pianist piano pick picnic picture pie piece pier pigeon pile pill pillow pilot
    pine pineapple pinecone pink pipe pity pizza place plain plan plane planet plant plate platform play player playground playgroup
    playlist pleasant please pleased pleasure plenty plug plum plumber pm pocket podcast poem poet poetry point police polish polite pony
    poor pop popcorn porch porridge port portrait position possible possibly post postcard poster postman pot potato potter pottery pour
    practical practically practice practise prefer premiere prepare present presentation press pretty pretzel previous price pride prince
    princess printed printer private prize probably problem process professor program programme progress project projector promise promised
    pronounce proper properly proud public publisher pudding pull pullover pumpkin pupil puppet puppy purple purpose purr put puzzle puzzled
    puzzling pyjamas pyramid quack quality quarter quartet queen question queue quick quickly quiet quieter quietly quilt quite quiz rabbit
    radio railing railway rain rainbow raincoat rainy raise raisin rake ramp ran range rare rarely raspberry rather rattle raven reach
    reaction read reading ready real realise realize really reason reasonable receipt receive recent recently reception receptionist recipe
    recite recommend record red referee refrain refresh refreshing regular rehearsal rehearse relax relaxed relief remain remark remember
    remind remote repair repeat request require researcher reservation reserved respond rest restart restaurant restroom result retirement
    return reunion review rhino rhyme rhythm ribbon rice riddle ride right ring rinse ripen river road roar roast robin robot rock rocket
    role roll roman rome roof room rose rosemary rough round roundabout row rucksack rug ruler rumble run running rush sad sadly safe safely
    said sail sailor salad salmon salt same sand sandals sandpit sandwich sang sat satellite saturday sauce sausage save saw say scale
    scanner scared scarf scene scent school science scientist scooter score screen scrub sculpture sea seal search searching season seat
    seatbelt seaweed second secretary section see seed seem seen seesaw seldom select seminar send sense sent sentence separate september
    series serious seriously serve service set settle seven seventeen seventy several sew sewing shade shadow shall shampoo shape share
    sharp she sheep shelf shell shepherd shimmer shine shining ship shirt shiver shoe shoelace shoemaker shop shore short shortly should
    shoulder shout show shower shown shrink shuffle shutter shy sibling sick side sign signal silence silent silk silver similar simple
    simpler simply since sing singer single sink sip sir sister sit situation six sixteen sixth sixty size skate skateboard skating skeleton
    sketch ski skiing skill skip skirt sky sledge sleep sleeve slept slide slight slightly slippers slow slowly small smaller smart smile
    smoke smooth smoothie snack snail sneeze snow snowball snowman snowy so soak soap social sock sofa soft soften sole solo solution solve
    some somebody somebody's somehow someone someone's something sometimes somewhat somewhere son sonata song soon sorry sort sound soup
    sour space spain spanish spare sparkle sparrow speak speaker special speech spell spelling spend spice spill spin spinach splash
    splendid spoke spoken sponge spoon sport spot spread spring sprinkle sprout square squash squeak squirrel stack stadium staff stage
    staircase stairs stall stamp stand staple stapler star starfish start starter startle starts station statue stay steady steak steam step
    stew stick still stir stitch stone stood stool stop store storey stork storm story stove straight strange strap straw strawberry street
    strength stress stressed stressful stretch stripe stroll strong structure stuck student studio study stuff style subject suburb succeed
    success successful such sudden suddenly sugar suggest suggestion suit suitable suitcase summer sun sunday sunflower sung sunny sunrise
    sunset super supermarket supper support suppose sure surely surf surprise surprised surround swan sway sweater sweep sweet sweets swim
    swimming swing switch symbol sympathy symphony system table tablecloth tablet tag tail tailor take taken tale talent talented talk
    talking tall tango tap tape target tart task taste tasty taught taxi tea teach teacher teacher's team teapot teatime technician teenager
    telephone telescope television tell telly temple ten tennis tent term terrace terrific test text than thank thankful thanks that thaw
    the theater theatre their theirs them theme themselves then there therefore these they thick thing think third thirsty thirteen thirty
    this those though thought thoughtful thoughtfully thousand thread three thrilled through throughout thunder thursday thyme tick ticket
    tide tidy tie tiger till time tiny tip tiptoe tired tiring title to toast today today's together toilet toilets told tomato tomorrow
    tomorrow's tone tonight too took tool top topic torch tortoise total tough tour tourist tournament toward towards towel tower town toy
    trace tractor trade tradition traditional trail train trainee tram translate translator transport travel tray treasure treatment tree
    triangle trick tried trifle trim trip trolley trophy trouble trousers trout truck true trumpet truth try tub tuesday tulip tune turn
    turtle tutor tv tweet twelve twenty twice twin twirl two type tyre umbrella unable uncertain uncle unclear under understand understood
    undone unfortunately unhappy uniform unique unit unless unload unpack unsure until unusual unwell unwrap up upon upset upstairs us use
    useful usual usually vacuum valley value vanilla various varnish vase vegetable veranda very via video view viking village violet violin
    violinist visible visit visitor vivid vocabulary voice volume volunteer waffle waffles wag waistcoat wait waiter waitress wake walk
    walked wall waltz wander want wardrobe warm warmly was wash watch watching watchmaker water waterfall watermelon watermill wave way we
    weather weave weaver wedding wednesday week weekday weekend welcome well wellies went were wet whale what whatever wheel wheelchair when
    whenever where whereas wherever whether which whichever while whirl whistle white who whole whom whose why whynot wide wife wifi wig
    wild will win wind windmill window windy wing wink winner winter wipe wisdom wise wish with within without woke woken wolf woman women
    won wonder wonderful wonderfully wood wooden wool word work worker working workshop world worldwide worried worry worth would wow wrap
    write writer writing written wrong wrote yard yawn yeah year yellow yes yesterday yesterday's yet yoghurt you young younger your yours
    yourself yourselves zebra zero zip zipper zoo
"""

WORDS = frozenset(_WORDS.split())

_ENDINGS = ("'s", "ies", "es", "s", "ied", "ed", "d", "ing", "er", "est", "ly", "y")
_DOUBLE = re.compile(r"([bdgklmnprt])\1$")


def everyday(word: str) -> bool:
    """Return whether a lower-case word, or what it is a form of, is an everyday word; numbers of up to four digits are."""
    if word in WORDS or (word.isdigit() and len(word) <= 4):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            forms = (stem, f"{stem}e", f"{stem}y", _DOUBLE.sub(r"\1", stem))
            if any(form in WORDS for form in forms):
                return True
    return False
