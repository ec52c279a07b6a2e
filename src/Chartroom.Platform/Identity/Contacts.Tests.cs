namespace Chartroom.Platform.Identity;

public sealed class ContactsTests
{
    [Theory]
    [InlineData("1234567893", true)]     // the example of the CMS paper
    [InlineData("1234567890", false)]
    [InlineData("1234567983", false)]    // two digits swapped
    [InlineData("1245319599", true)]
    [InlineData("3234567891", false)]    // must begin with 1 or 2
    [InlineData("123456789", false)]
    [InlineData("12345678933", false)]
    [InlineData("１２３４５６７８９３", false)]   // full-width digits
    public void A_provider_identifier_has_a_right_check_digit(string npi, bool expected) => Assert.Equal(expected, Npi.IsValid(npi));

    [Theory]
    [InlineData("(303) 555-0123", "+13035550123")]
    [InlineData("303.555.0123", "+13035550123")]
    [InlineData("1-303-555-0123", "+13035550123")]
    [InlineData("+1 303 555 0123", "+13035550123")]
    [InlineData("+44 20 7946 0018", "+442079460018")]
    [InlineData("020 7946 0018", null)]       // whose country?
    [InlineData("103-555-0123", null)]        // no area code begins with 1
    [InlineData("303-155-0123", null)]        // nor an exchange
    [InlineData("303-555-012", null)]
    [InlineData("+1 303 555 01234", null)]
    [InlineData("303-555-CARE", null)]
    [InlineData("", null), InlineData("+", null), InlineData("tel", null), InlineData("+0 123 456 789", null)]
    public void A_phone_number_has_one_form(string typed, string? expected) => Assert.Equal(expected, PhoneNumber.Read(typed)?.Value);

    [Theory]
    [InlineData(" Ana.Whitfield@Lakeside.Example ", "ana.whitfield@lakeside.example")]
    [InlineData("ana+desk@lakeside.example", "ana+desk@lakeside.example")]
    [InlineData("ana@präxis.example", "ana@xn--prxis-hra.example")]
    [InlineData("ana@lakeside", null)]
    [InlineData("ana@@lakeside.example", null), InlineData("@lakeside.example", null), InlineData("ana@", null), InlineData("", null)]
    [InlineData("ana..w@lakeside.example", null), InlineData(".ana@lakeside.example", null), InlineData("a na@lakeside.example", null)]
    [InlineData("ana@lake_side.example", null), InlineData("ana@-lakeside.example", null), InlineData("ana@10.0.0.1", null)]
    [InlineData("ana@lakeside.example\nbcc: all@lakeside.example", null)]
    public void An_address_has_one_form(string typed, string? expected) => Assert.Equal(expected, EmailAddress.Read(typed)?.Value);

    [Theory]
    [InlineData("ana@gmail.com", true), InlineData("ana@GMail.com", true), InlineData("ana@lakeside.example", false), InlineData("ana@notgmail.com", false)]
    public void Mail_of_anybody_is_known_as_such(string typed, bool expected) => Assert.Equal(expected, EmailAddress.Read(typed)!.Value.IsFreeMail);
}
