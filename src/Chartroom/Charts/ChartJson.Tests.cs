using System.Text.Json;

namespace Chartroom.Charts;

public sealed class ChartJsonTests
{
    [Fact]
    public void An_entry_is_written_with_its_kind_first_and_nothing_that_is_absent()
    {
        Entry problem = new Entry.Problem
        {
            Code = new Concept { Text = "Cough" },
            Status = ProblemStatus.Active,
            Verification = Verification.Unconfirmed,
            Onset = PartialTime.Of(new DateOnly(2024, 4, 1)),
        };

        var written = JsonSerializer.Serialize(problem, ChartJson.Compact);

        Assert.Equal(
            """{"kind":"problem","code":{"text":"Cough"},"status":"active","verification":"unconfirmed","onset":"2024-04-01"}""", written);
    }

    [Fact]
    public void Lists_that_are_not_written_are_read_as_empty()
    {
        var vital = (Entry.Vital)JsonSerializer.Deserialize<Entry>("""{"kind":"vital","status":"final","what":{"code":{"text":"Pulse"}}}""", ChartJson.Compact)!;

        Assert.Empty(vital.Parts);
        Assert.Empty(vital.What.Code.Codings);
        Assert.Empty(vital.By);
    }

    [Theory]
    [InlineData("""{"kind":"problem"}""")]                                              // code is required
    [InlineData("""{"kind":"surgery","code":{"text":"x"}}""")]                          // no such kind
    [InlineData("""{"code":{"text":"x"}}""")]                                           // no kind
    [InlineData("""{"kind":"problem","code":{"text":"x"},"onset":"2024-02-30"}""")]     // no such day
    [InlineData("""{"kind":"problem","code":{"text":"x"},"status":"fine"}""")]          // no such status
    [InlineData("""{"kind":"problem","code":{"text":"x"},"status":1}""")]               // numbers are no statuses
    public void What_is_not_an_entry_is_not_read_as_one(string text) =>
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<Entry>(text, ChartJson.Compact));
}
