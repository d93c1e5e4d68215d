"""Everyday words: what a language model's own initiative may be made of. Data; English, base forms.

Social talk about what is here and now needs few words, and most ways of doing harm need others. A word that is not here, and that
nobody in the room has said, makes the persona's sentence be said instead. What is delicate (`cognitive.safety.risks`) is refused whether
it is here or not.
"""

from __future__ import annotations

import re

_WORDS = """
    a about above abroad absolutely absorb accent accept accident accompany acorn acre acrobat across act actor actress actual actually add
    admire adult advice afford afraid africa after afternoon afterwards again against age agent ago agree ah aha ahead air airport alarm all
    allow almond almost alone along alphabet already also although always am amazed amazing ambulance america among amount amuse an ancient
    and angry animal ankle anniversary announce announcement annoyed annoying another answer ant anthem any anybody anyhow anyone anyone's
    anything anyway anywhere apart apologise apologize app apparently appear appetite applaud applause apple appointment appreciate
    apprentice approach apricot april apron archaeologist architect are arm armchair around arrange arrive arrow art article artist as asia
    aside ask asked asparagus assist assistant astronaut at ate attempt attention attic aubergine audience audio august aunt author autumn
    available avocado awake aware away baby back backpack bacon bad badge badger badly bag bagel bake baker bakery baking balance balcony
    ball ballad ballet balloon banana band banister bank banquet bar barbecue barber barely bark barn baroque basically basil basket
    basketball bath bathroom battery battle be beach bead bean beautiful beautifully beaver became because become bed bedroom bedtime bee
    been beep before beforehand began begin beginning begins begun behind being believe bell belong below belt bench beneath berlin berry
    beside besides best better between beyond bicycle big bigger biggest bike bill billion bin biologist birch bird birth birthday biscuit
    bit bitter black blackberry blacksmith blanket bleeding bless blind blink block bloom blossom blouse blow blown blue blueberry board
    boat boil bone book booked booking boot borrow boss both bother bottle bottom bought bounce bow bowl bowtie box boy bracelet brake
    branch brand brave bravo bread break breakfast breath breathe breeze brick bridge brief briefly bright brighten brilliant bring broad
    broccoli brochure broke broken brooch broom brother brought brown brownie brunch brush bubble bucket buckle buffet build builder
    building built bulb bunch bundle burn bus bush busy but butcher butter butterfly button buy buzz by bye cabbage cable cactus cafe café
    cage cake calendar calf call called calm came camel camera camp can candle candy canteen canvas cap cappuccino captain caramel card
    cardigan care careful carefully carer caretaker caring carousel carpenter carpet carrot carry cartoon carve case castle cat cat's catch
    cathedral cauliflower cause cave ceiling celebrate celebration celery cell cello center centre century cereal ceremony certain certainly
    chain chair chalk chance change chapel chapter charge charger charm charming chase chat cheap check cheek cheer cheerful cheerfully
    cheers cheese chef chemist cherry chess chest chicken child child's children chill chime chimney chin chirp chocolate choice choir
    choirmaster choose chose chosen christmas church cinema cinnamon circle circus citizen city clap class classic classmate clay clean
    cleaner clear clearly clementine clever click cliff climb clinic clip cloakroom clock close closed closely closer closes closing clothes
    cloud cloudy clown clue coach coal coast coat cocoa coconut coffee coffeehouse cold collar colleague collect collecting collection color
    colour colourful column comb come comfort comfortable comment common company compare compass complain complete completely composer
    computer concentrate concern concerned concert condition conductor conference confirm confused confusing confusion congratulate
    congratulations connect connection consider consist contact contain content continue conversation cook cookery cookie cooking cool
    copper copy coral cord cordial cork corner correct correctly corridor cost costume cosy cotton cough could council count counter country
    couple courage courgette course courtyard cousin cover cow crab crayon creak cream create creative cricket croak crochet croissant cross
    crossing crow crowd crowded crown cub cucumber cuff cup cupboard curator curious currant curtain curve cushion custard customer cut
    cycling dad daddy daffodil daily daisy damp dance dancer dancing danger dangerous dark darken date daughter dawn day deal dear decade
    december decide decision decorator deep deer definitely degree delay delicate delicious delight delighted deliver dentist departure
    depend describe desert design designer desk dessert detail details develop development dial dialect dialogue did difference different
    differently difficult difficulty dig dim dining dinner dinosaur dip direct direction directions directly director disagree disappoint
    disappointed disappointing discover discovery discuss discussion dish display distance distribution district disturb dizzy do doctor
    does dog dog's doing doll dolphin domino done donkey door doorbell doorway dot double doubt doughnut down downstairs dozen drag dragon
    dragonfly drank draw drawer drawing drawn dream dress drew drink drive driver drizzle drone drop dropped drove drum drummer drums dry
    duck duet dumpling dunk during dusk dust dusty each eager eagle ear earlier early earring earth easel easier easily east easter easy eat
    eaten edge editor education effect effort egg eight eighteen eighty either elastic elbow elderly electrician elegant elephant elevator
    eleven else email embarrassed embroider emergency employ empty encore encourage end ending engagement engine engineer english engrave
    enjoy enormous enough enter enthusiasm entire entirely entrance envelope equal eraser error escalator especially espresso essay euro
    europe euros evacuate evaporate even evening event every everybody everybody's everyday everyone everything everywhere evidently exact
    exactly exam examine example excellent except exchange excited exciting excuse exercise exhibit exhibition exist existence exit
    expansion expect expecting expensive experience expert explain explanation explore express expression extra eye eyes fabric face fact
    facts fade faint fair fairly fall fallen false familiar family famous fancy fantastic far farewell farm farmer farther fascinate
    fascinating father father's favorite favourite feast feather february feed feedback feel feeling feet fell felt fence ferry festival
    fetch fever few fewer fiction field fifteen fifth fifty fig figure file fill film final finally find fine finger finish fire fireplace
    first fish fisherman fit five fix flag flamingo flap flat flavor flavour flew flicker flight float floor florist flow flower flowers
    flute fly foal foggy fold folder folk folks follow food foot football for force forest forester forget forgive forgot forgotten fork
    form fortnight fortunately forty forward fossil found fountain four fourteen fourth fowl fox frame france free freely french frequent
    fresh friday fridge friend friend's friendly frog from front frost fruit frustrated frustrating fry fudge full fully fun funny further
    fuse future gain galaxy gale gallery game garage garden gardener gardening garlic gas gate gather gave gaze general generally gentle
    gentleman gentlemen gently genuine geographer geologist german germany gesture get gift giggle ginger giraffe girl give given glad
    gladly glance glass glasses glaze glimpse glitter globe glove glow glue go goal goalkeeper goat golden goldsmith good goodbye goodness
    goose got gothic gotten graduation grain gram grammar grand grandad grandchild grandchildren granddaughter grandfather grandma
    grandmother grandpa grandparent grandson granny grape grapefruit grass grasshopper grateful gray great greatly greek green greet grew
    grey grill grin grip grocer ground group grow grown growth guess guest guide guided guitar guitarist guy had hail hair haircut
    hairdresser half hall hallway ham hamster hand handbag handle handrail hands handwriting handy hang happen happened happily happiness
    happy harbor harbour hard harder hardly harmony harvest has hat hatch have having he head headache headline headphones health healthy
    heap hear heard hearing heart heat heavy hedge hedgehog heel held hello helmet help helped helpful helping helpline hem hen her herb
    here hers herself hey hi hiccup high higher hiking hill him himself hinge hint hip hippo hire his historian history hive hm hobby hold
    hole holiday home homework honest honestly honey honk honour hood hook hoop hooray hop hope hopeful horizon horn horse hospital host hot
    hotel hour hours house how however hug huge hum humor humour hundred hungry hunt hunter hurrah hurry hurt husband i ice idea if ill
    image imagine impatient important impossible impressed impression impressionist impressive improve impulse in inch include increase
    indeed individual indoors industry influence inform information ink insect inside insole instant instead instruction instructions
    instrument intend interest interested interesting intern internet interpret interpreter interrupt interrupted interval interview into
    introduce introduction invent invention invitation invite involved iron is island it italian italy item its itself jacket jam january
    jazz jeans jelly jellyfish jewel jeweller jigsaw job jog join joke journalist journey joy joyful judge jug juggler juice july jump
    jumper june jungle just kangaroo keep kept kettle key keyboard keyhole kid kilo kilometre kind kindergarten kindly kindness king kitchen
    kite kitten kiwi knead knee knew knife knight knit knitting knock knocker knot know knowledge known koala label lace laces ladder ladies
    lady ladybird lake lamb lamp land landscape language lantern lanyard laptop large last latch late later latest latte laugh laughter
    laundry lawn lay layer lead leading leaf leaflet lean learn learned learning learnt least leather leave leaves lecture left leg legend
    lemon lemonade lentil less lesson let letter letterbox lettuce level lever librarian library lie life lift light lighten like liked lily
    lime limit line linen linguist link lion liquid list listen listening lit litre little living lizard load local locker locomotive london
    lonely long longer look looking loop lorry lose loss lost lot loud louder loudly loudspeaker lounge love loved lovely loves low lower
    luck luckily lucky luggage lullaby lunch lunchtime machine madam made magazine magic magical magician magnet mail mailbox main mainly
    majority make mall mammoth man manage manager mandarin mango many map maple marble march mark market marry mars marvellous mask mass
    masterpiece mat match material mathematician mathematics maths matter may maybe mayor me meadow meal mean meaning means meant meantime
    meanwhile measure meat mechanic medal medication medicine medieval meet meeting melody melon melt memories memory men mend mention
    mentioned menu meow merely merry message met metal meter method metre mhm microphone microscope midday middle midnight might mild mile
    milk milkshake mill miller million mind mine mint minute mirror miss missed mist mistake mister misunderstanding mitten mix mixed mobile
    model modern mom moment monday monkey month moo mood moon moose mop more moreover morning most mostly moth mother mother's motion
    mountain mouse mouth move moved movie mow mr mrs ms much muddle muesli muffin mug mum mummy munch muscle museum museum's mushroom music
    musical musician must my myself mystery nail name nap napkin narrate narrow natural naturally nature near nearby nearly neat necessarily
    necessary neck necklace need needle neigh neighbor neighbour neighbourhood neither nephew nerve nerves nervous nest net never
    nevertheless new newer news newspaper next nibble nice nicely nickname niece night nine nineteen ninety no noble nobody nod noise noisy
    none noodles noon nor normal north nose not note notebook nothing notice noticed novel november now nowhere number nurse nursery nut
    o'clock oak object observe obtain obviously occasion ocean october odd of off offer office offline often oh oil ok okay old older olive
    omelette on once one onion online only onto ooh oops open opened opening opens opera operate operation opinion opportunity opposite
    optician option or orange orchestra orchid order ordinary original ornament ostrich other others otherwise otter ought our ours
    ourselves out outdoor outdoors outside oven over overall overnight owl own pace pack package paddle page paid pain paint painted painter
    painting pair pale pan pancake panda paper parade parallel parcel pardon parent paris park parking parrot parsley part particular
    particularly partner party pass passage passed passport past pasta paste path patience patient pattern pause pavement pay payment pea
    peace peaceful peach peacock pear pearl pebble pedal peel pen pencil penguin pensioner people pepper per percent perfect perfectly
    perform performance perhaps permit person personal pet pharaoh pharmacist pharmacy philosopher phone photo photograph photographer
    photographs physical physicist pianist piano pick picnic picture pie piece pier pig pigeon pile pill pillow pilot pin pine pineapple
    pinecone pink pipe pity pizza place plain plan plane planet plant plate platform play player playground playgroup playlist pleasant
    please pleased pleasure plenty plough plug plum plumber pm pocket podcast poem poet poetry point pointer police polish polite pony poor
    pop popcorn porch porridge port porter portrait position possible possibly post postcard poster postman pot potato potter pottery pound
    pour power powerful practical practically practice practise praise predict prefer premiere prepare present presentation preserve press
    pretty pretzel prevent previous price pride prince princess print printed printer private prize probably problem process produce
    professor program programme progress project projector promise promised pronounce proper properly property prose protect proud prove
    provide public publish publisher pudding pull pullover pump pumpkin pupil puppet puppy purple purpose purr push put puzzle puzzled
    puzzling pyjamas pyramid quack quality quarter quartet queen question queue quick quickly quiet quieter quietly quilt quite quiz rabbit
    race radio rail railing railway rain rainbow raincoat rainy raise raisin rake ramp ran range rare rarely raspberry rate rather rattle
    raven ray reach react reaction read reading ready real realise realize really reason reasonable receipt receive recent recently
    reception receptionist recipe recite recognise recommend record recording red reduce refer referee reflect refrain refresh refreshing
    refuse regular rehearsal rehearse relate relation relax relaxed release relief rely remain remark remember remind remote remove rent
    repair repeat replace reply report represent representative request require researcher reservation reserve reserved respect respond
    responsible rest restart restaurant restroom result retirement return reunion reveal review reward rhino rhyme rhythm ribbon rice riddle
    ride right ring ringing rinse ripen rise river road roar roast robin robot rock rocket rod role roll roman rome roof room root rose
    rosemary rough round roundabout row rucksack rug rule ruler rumble run running rush sad sadly safe safely said sail sailor salad salmon
    salt same sand sandals sandpit sandwich sang sat satellite satisfy saturday sauce sausage save saw say scale scanner scared scarf scene
    scent school science scientist scooter score screen scrub sculpture sea seal search searching season seat seatbelt seaweed second
    secretary section see seed seem seen seesaw seldom select selection self sell seminar send sense sent sentence separate september series
    serious seriously servant serve served service set settle seven seventeen seventy several sew sewing shade shadow shake shall shampoo
    shape share sharp she sheep shelf shell shelter shepherd shimmer shine shining ship shirt shiver shoe shoelace shoemaker shop shore
    short shortly should shoulder shout show shower shown shrink shuffle shut shutter shy sibling sick side sign signal silence silent silk
    silver similar simple simpler simply since sing singer single sink sip sir sister sit situation six sixteen sixth sixty size skate
    skateboard skating skeleton sketch ski skiing skill skin skip skirt sky sledge sleep sleeve slept slide slight slightly slip slippers
    slope slow slowly small smaller smart smell smile smoke smooth smoothie snack snail snake sneeze snow snowball snowman snowy so soak
    soap social society sock sofa soft soften sole solid solo solution solve some somebody somebody's somehow someone someone's something
    sometimes somewhat somewhere son sonata song soon sorry sort sound soup sour south space spade spain spanish spare sparkle sparrow speak
    speaker special speech spell spelling spend spice spill spin spinach splash splendid split spoil spoke spoken sponge spoon sport spot
    spread spring sprinkle sprout square squash squeak squeeze squirrel stack stadium staff stage staircase stairs stall stamp stand staple
    stapler star stare starfish start starter startle starts statement station statue stay steady steak steam steel steep stem step stew
    stick still stir stitch stocking stomach stone stood stool stop store storey stork storm story stove straight strange stranger strap
    straw strawberry street strength strengthen stress stressed stressful stretch stripe stroll strong structure struggle stuck student
    studio study stuff style subject substance suburb succeed success successful such sudden suddenly sugar suggest suggestion suit suitable
    suitcase summer sun sunday sunflower sung sunny sunrise sunset super supermarket supper supply support suppose sure surely surf surprise
    surprised surround swan sway sweater sweep sweet sweets swim swimming swing switch symbol sympathy symphony system table tablecloth
    tablet tag tail tailor take taken tale talent talented talk talking tall tango tap tape target tart task taste tasty taught taxi tea
    teach teacher teacher's teaching team teapot tear teatime technician teenager teeth telephone telescope television tell telly temple ten
    tendency tennis tent term terrace terrific test text than thank thankful thanks that thaw the theater theatre their theirs them theme
    themselves then theory there therefore these they thick thin thing think third thirsty thirteen thirty this those though thought
    thoughtful thoughtfully thousand thread three threw thrilled throat through throughout throw thrown thumb thunder thursday thyme tick
    ticket tide tidy tie tiger tight till time tin tiny tip tiptoe tired tiring title to toast today today's toe together toilet toilets
    told tomato tomorrow tomorrow's ton tone tonight too took tool tooth top topic torch tortoise total touch tough tour tourist tournament
    toward towards towel tower town toy trace track tractor trade tradition traditional trail train trainee tram translate translator
    transport travel tray treasure treat treatment tree triangle trick tried trifle trim trip trolley trophy trouble trousers trout truck
    true trumpet trust truth try tub tuesday tulip tune turn turtle tutor tv tweet twelve twenty twice twin twirl twist two type tyre
    umbrella unable uncertain uncle unclear under understand understood undone unfortunately unhappy uniform unique unit unite unless unload
    unpack unsure until unusual unwell unwrap up upon upset upstairs us use useful usual usually vacuum valid valley value vanilla various
    varnish vary vase vegetable veranda verse very vessel via video view viking village violet violin violinist visible visit visitor vivid
    vocabulary voice volume volunteer waffle waffles wag waistcoat wait waiter waiting waitress wake walk walked wall waltz wander want
    wardrobe warm warmly warn was wash waste watch watching watchmaker water waterfall watermelon watermill wave wax way we wear weather
    weave weaver website wedding wednesday week weekday weekend weigh weight welcome well wellies went were west wet whale what whatever
    wheel wheelchair when whenever where whereas wherever whether which whichever while whirl whistle white who whole whom whose why whynot
    wide wife wifi wig wild will win wind windmill window windy wing wink winner winter wipe wisdom wise wish with within without woke woken
    wolf woman women won wonder wonderful wonderfully wood wooden wool word wore work worker working workshop world worldwide worn worried
    worry worth would wow wrap wrist write writer writing written wrong wrote yard yawn yeah year yell yellow yes yesterday yesterday's yet
    yoghurt you young younger your yours yourself yourselves zebra zero zip zipper zoo
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
