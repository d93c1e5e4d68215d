"""Given names that are common where English is spoken: what a slot `{name}` may hold in a grammar.

Each is in PocketSphinx's pronunciation dictionary. A name that is not here is heard by dictation, or not at all; typed text knows no such
limit, and a scenario may list names of its own (`slots` in docs/scenarios.md).
"""

GIVEN_NAMES: tuple[str, ...] = tuple(
    """
    ada adam adrian aidan albert alex alexander alexandra alfred alice alicia alison allison alma amanda amber amelia amir amy ana
    andre andrea andrew angel angela anita ann anna anne annette annie anthony anton antonio april arthur ashley audrey barbara
    barry beatrice becky bella ben benedict benjamin bernard bernice bert bertha beth betty beverly bill bob bobby bonnie brad
    brandon brenda brian bridget brittany bruce caleb cameron carl carla carlos carmen carol caroline carolyn carrie catherine cathy
    cecilia chad charles charlotte cheryl chloe chris christina christine cindy claire clara claudia colin connie connor craig
    crystal curtis cynthia daisy damian dan dana daniel danielle danny darlene dave david dawn dean debbie deborah debra denise
    dennis derek diana diane diego dolores dominic don donald donna doris dorothy douglas duncan dylan eddie edgar edith edna edward
    edwin elaine eleanor eli elizabeth ellen elliot elsie emil emily emma emmanuel eric erica erin ernest esther ethan ethel eugene
    eva evan evelyn fabian felicia felix fiona florence frances francis frank fred freddy gabriel gail gary gavin george gerald
    geraldine gina gladys glenn gloria gordon grace graham greg gregory gustav guy hannah harold harry hazel heather hector helen
    helena henry herbert holly howard hugh hugo ian ida igor ingrid irene isaac isabel isabella ivan jack jackie jacob jacqueline
    jake james jamie jane janet janice jasmine jason jasper jay jean jeanette jeanne jed jeff jeffrey jennifer jeremy jerry jesse
    jessica jill jim joan joann joanna joanne joe joel john johnny jonathan jordan jorge jose joseph josephine josh joshua joyce
    juan juanita judith judy julia julian julie julius june justin justine kai karen karl kate katherine kathleen kathryn kathy
    katie kay keith kelly kenneth kenny kevin kim kimberly kirsten kristen kurt kyle lance larry laura lauren laurie leah lee leila
    lena lenny leo leon leonard leonardo leslie lewis liam lillian lily linda linus lisa lloyd logan lois lola loretta lori lorraine
    louis louise lucas lucia lucille lucy luis luke luther lydia lynn mabel maggie malcolm marcel marco marcus margaret maria marian
    marie marilyn mario marion marissa marjorie mark marlene marshall martha martin marvin mary mason matt matthew maureen maurice
    max maxine maya megan melanie melissa mia michael michele michelle miguel mike miles milo miriam mitchell mohammed molly monica
    morgan nadia nancy naomi nathan nathaniel neil nelson nicholas nick nicole nina noah noel nora norma olga oliver olivia omar
    oscar otto owen pablo pamela patricia patrick patty paul paula pauline pedro peggy penny percy perry pete peter phil philip
    phoebe phyllis pierre preston priscilla rachel rafael ralph ramona randy ray raymond rebecca regina reginald renee rex rhonda
    ricardo richard rick ricky rita rob robbie robert roberta robin roger roland roman ronald ronnie rory rosa rose ross roy ruby
    rudolph rupert russell ruth ryan sadie sally sam samantha samuel sandra sara sarah sasha scott sebastian seth shane shannon
    sharon shawn sheila sherry sidney silvia simon sofia sonia sophia sophie stacy stan stanley stella stephanie stephen steve
    steven sue susan suzanne sven sydney sylvia tamara tammy tanya tara ted teresa terry thelma theo theodore theresa thomas tiffany
    tim timothy tina tobias toby todd tom tommy tony tracy travis trevor tyler ursula valentina valerie vanessa vera vernon veronica
    vicky victor victoria vincent viola virginia vivian vladimir walter wanda warren wayne wendy wesley william willow winston
    xavier yasmin yolanda yvonne zachary zoe
    """.split()
)
