using Chartroom.Patients;

namespace Chartroom.Assist;

public sealed class PseudonymsTests
{
    private static Pseudonyms Fresh() => new(new(new Demographics
    {
        Names = [new() { Given = ["Maria", "Rose"], Family = "Lopez-Ortega" }, new() { Use = NameUse.Maiden, Family = "Will" }],
        BirthDate = PartialTime.Of(new DateOnly(1961, 3, 4)),
        Telecoms = [new() { System = ContactSystem.Phone, Value = "+1 212 555 0142" }, new() { System = ContactSystem.Email, Value = "maria@example.org" }],
        Addresses = [new() { Lines = ["14 Larch Row"], City = "Tarrytown", PostalCode = "10591" }],
        Contacts = [new() { Name = new() { Given = ["Benedikt"], Family = "Ortega" } }, new() { Name = new() { Given = ["Zoë"], Family = "O'Núñez" } }],
        Coverages = [new() { MemberId = "XJW88-2" }],
        Identifiers = [new("urn:x", "A77-Q", "MR")],
    }, 4711, ["Dr. Ada Qualls, MD", "doctor"]));

    [Theory]
    [InlineData("Hello maria, I am Doctor Qualls.", "Hello [NAME-1], I am [NAME-2].")]
    [InlineData("Maria Lopez-Ortega's knee hurts; MARIA said so.", "[NAME-1] [NAME-2]'s knee hurts; [NAME-3] said so.")]
    [InlineData("Will you rose up? Rose Will did.", "[NAME-1] you rose up? [NAME-2] [NAME-1] did.")]   // names that are words are hidden where they are written as names
    [InlineData("My husband Benedikt drove me from Tarrytown, 10591.", "My husband [NAME-1] drove me from [PLACE-2], [PLACE-3].")]
    [InlineData("My date of birth is March fourth nineteen sixty one. Blood pressure 132 over 84.", "My date of birth[DATE-1]. Blood pressure 132 over 84.")]
    [InlineData("DOB: 03/04/1961, surgery on June 5th, 2019", "DOB[DATE-1]")]
    [InlineData("It was 3/4/61 or the second of May, or 1961-03-04.", "It was [DATE-1] or the [DATE-2], or [DATE-3].")]
    [InlineData("On March 14th, 2026 an x-ray; four weeks, 15 mg, 97%, 250,000 platelets.", "On [DATE-1] an x-ray; four weeks, 15 mg, 97%, 250,000 platelets.")]
    [InlineData("Call (212) 555-0142 or five five five, oh one four two.", "Call [NUMBER-1] or [NUMBER-2].")]
    [InlineData("Member XJW88-2, record 4711, chart a77-q, 123-45-6789", "Member [NUMBER-1], record [NUMBER-2], chart [NUMBER-3], [NUMBER-4]")]
    [InlineData("Write to maria@example.org or see https://x.example/a?b=c now", "Write to [CONTACT-1] or see [CONTACT-2] now")]
    [InlineData("I live at 14 Larch Row, before at 221 Baker Street.", "I live at [PLACE-1], before at [PLACE-2].")]
    [InlineData("Her name is Yevgenia. Mrs. Sorensen knows.", "Her name is [NAME-1]. [NAME-2] knows.")]
    [InlineData("My name is Dr. Jacob Falk, and the pain is 6-7/10.", "My name is [NAME-1], and the pain is 6-7/10.")]
    [InlineData("I'm called um, well, my name is uh, Vincent Vale Orr.", "I'm called um, well, my name is [NAME-1].")]
    [InlineData("mrs cooper has MS and may miss it; doctor Smith knows.", "[NAME-1] has MS and may miss it; [NAME-2] knows.")]
    [InlineData("Zoe O’Nunez and ZOË O'NÚÑEZ and Zoe\u0308 came.", "[NAME-1] and [NAME-2] and [NAME-3] came.")]   // accents and apostrophes as anybody writes them
    [InlineData("Mrs. Lopez from Larch Row, Straße.", "[NAME-1] from [PLACE-2], Straße.")]
    [InlineData("She is 93 years old, her aunt a hundred and two year old, he is aged ninety-one and I am 89 years old.", "She is [NUMBER-1], her aunt [NUMBER-2], he is [NUMBER-3] and I am 89 years old.")]
    [InlineData("Since June 2019, or March of 1998; in May 20 mg.", "Since [DATE-1], or [DATE-2]; in [DATE-3] mg.")]
    [InlineData("He said [NAME-1] and [DATE-9].", "He said [TEXT-1] and [TEXT-2].")]
    public void AI_8_What_tells_who_somebody_is_leaves_as_a_token_and_comes_back(string said, string leaves)
    {
        var hidden = Fresh();
        var sent = hidden.Hide(said);
        Assert.Equal(leaves, sent);
        Assert.Equal(said, hidden.PutBack(sent));
    }

    [Fact]
    public void AI_8_A_token_that_was_never_given_out_is_not_put_back() => Assert.Null(Fresh().PutBack("Seen by [NAME-1]."));
}
