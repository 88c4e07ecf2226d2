"""The words of a report that a reader may not know."""

GLOSSARY = {
    "Arm": "one way of selling under test. The arms of a study differ in that alone and share their seeds.",
    "Baseline": "the arm with which all others are compared.",
    "Contest": "whom the arm meets: rivals that go on as before (alone against its rivals), or rivals that do the "
    "same (the whole market sells this way).",
    "Seed": "the number that fixes chance. The same seed gives every arm the same customers and the same chances (common "
    "random numbers), so the difference is due to the arm.",
    "Paired difference": "the arm's result less the baseline's with the same seed, averaged over seeds.",
    "[low, high]": "the interval of a difference: the range in which the true difference of this model lies, with the study's "
    "confidence for all differences of a table at once. It says nothing about how well the model fits a real market.",
    "Clear": "a difference is clear where its interval lies on one side of zero. Where it is not, the arms may differ or not; "
    "more seeds make intervals shorter.",
    "Gross margin": "revenue less the cost of the product, as a share of revenue.",
    "Pass-through": "how much of one more dollar of discount a partner hands on to the customer.",
    "No decision": "the customer ends its search and buys from nobody.",
    "Promise kept": "how much of the outcome that was promised was delivered.",
    "Sameness": "how alike customers believe all offers to be; 1 is a pure commodity.",
}
