/** Words that carry no meaning in a question about code, nor in code: prose, issue templates, keywords of the common languages. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the and or but not no nor so if then else elif than that this these those there here it its is are was were be been being am ' +
    'do does did done doing have has had having will would shall should can could may might must i me my we us our you your he she they them their ' +
    'of in on at by to from for with without into onto over under as about after before between during out up down off again once only own same too very just ' +
    'also even still yet ever never always sometimes often when while where why how what which who whom whose because since until though although ' +
    'all any both each few more most other some such many much one two first second last next new now using use used uses like get got gets make makes made ' +
    'see seen want need needs try tried trying think know way thing things lot bit really actually currently instead however therefore thus hence maybe perhaps ' +
    'please thanks thank hello hi hey issue issues bug bugs problem problems expected actual behavior behaviour result results reproduce reproduction steps step ' +
    'following works work working worked happens happen happening happened seems seem looks look found find version versions description describe describes ' +
    'question answer example examples consider case cases sure able possible fine correct correctly wrong incorrect incorrectly proper properly right ' +
    'def class self cls return returns import require function var let const public private protected static void final abstract extends implements ' +
    'lambda pass raise try except finally catch throw throws switch break continue foreach end begin then elsif unless yield async await ' +
    'true false none null nil undefined super func fn mut impl pub package namespace struct include define endif ifdef ifndef typedef typename ' +
    'www com http https org html htm github blob master main eg ie etc vs via don doesn didn isn aren wasn won couldn shouldn wouldn ve ll re'
  ).split(' '),
);
