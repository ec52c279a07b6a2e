using Chartroom.Scribe.Bench;

namespace Chartroom.Scribe.Language;

public sealed class PolarityTests
{
    [Theory]
    [InlineData("She denies fever, chills, night sweats, weight loss, cough, wheezing, back pain, neck pain or RASH.", "rash", true)]    // a list reaches far
    [InlineData("COMPLICATIONS: None DIAGNOSIS: 1) GASTRITIS", "gastritis", false)]             // a heading ends the one before
    [InlineData("Denies: fever, COUGH.", "cough", true)]
    [InlineData("ALLERGIES: no known ALLERGIES.", "allergies", true)]                           // the last in capitals is meant, not the heading
    [InlineData("No cough, but has a RASH.", "rash", false)]
    [InlineData("The RASH resolved.", "rash", true)]
    [InlineData("SMOKING: no.", "smoking", true)]
    [InlineData("MEDICATIONS: nil", "medications", true)]
    [InlineData("Lungs clear.", "asthma", false)]                                               // not there, so not denied
    public void What_denies_reaches_as_far_as_its_clause_and_no_further(string sentence, string condition, bool isNegated) =>
        Assert.Equal(isNegated, NegationBench.IsNegated(sentence, condition));
}
