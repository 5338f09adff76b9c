/// The rules as text, one constant a language; ``RuleParser`` says how they are written.
enum RuleText {}
