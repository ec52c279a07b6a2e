using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Vault;

namespace Chartroom.OnlineBooking;

/// <summary>Who comes, as typed into the public form.</summary>
/// <param name="Given">First name.</param>
/// <param name="Family">Last name.</param>
/// <param name="BirthDate">Day of birth, <c>1980-03-04</c> or <c>3/4/1980</c>.</param>
/// <param name="Phone">Telephone.</param>
/// <param name="Email">Where the code goes.</param>
/// <param name="Consent">That the clinic may write to it.</param>
/// <param name="Reason">What for; at most 500 characters.</param>
/// <param name="Website">A field that people do not see. Whoever fills it in is a program.</param>
public sealed record GiveDetails(string Given, string Family, string BirthDate, string Phone, string Email, bool Consent, string? Reason = null, string? Website = null);

/// <summary>The same in normal form, as it is sealed until the address is proved.</summary>
internal sealed record TypedDetails(string Given, string Family, DateOnly Born, string Phone, string Email, string? Reason)
{
    private const int LongestName = 100, LongestReason = 500, OldestYears = 130;

    public static Cell CellOf(Guid booking) => new("online_booking", "typed", booking);

    /// <summary>Every wrong field is named, not only the first. Pure.</summary>
    public static Outcome<TypedDetails> Check(GiveDetails typed, DateOnly today)
    {
        var no = Refusals.Incomplete;
        void Wrong(string field, string why) => no = no.On(field, why);
        if (!IsName(typed.Given)) Wrong("given", "Give the first name, at most 100 letters.");
        if (!IsName(typed.Family)) Wrong("family", "Give the last name, at most 100 letters.");
        var isDay = DateOnly.TryParseExact(typed.BirthDate, ["yyyy-MM-dd", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var born);
        if (!isDay || born > today || born < today.AddYears(-OldestYears)) Wrong("birthDate", "Give the date of birth as month/day/year, such as 3/4/1980.");
        var phone = PhoneNumber.Read(typed.Phone);
        if (phone is null) Wrong("phone", "This is not a telephone number. Write it with the area, such as 303 555 0123.");
        var email = EmailAddress.Read(typed.Email);
        if (email is null) Wrong("email", "This is not an e-mail address. It looks like name@example.com.");
        if (typed.Reason is { Length: > LongestReason } || !IsText(typed.Reason)) Wrong("reason", "At most 500 characters fit here.");
        if (!typed.Consent) Wrong("consent", "We need your consent to send you the code.");
        if (no.Errors.Count > 0 || phone is null || email is null) return no;
        return new TypedDetails(typed.Given.Trim(), typed.Family.Trim(), born, phone.Value.Value, email.Value.Value, string.IsNullOrWhiteSpace(typed.Reason) ? null : typed.Reason.Trim());
    }

    /// <summary>As the clinic keeps a patient.</summary>
    public Demographics Demographics => new()
    {
        Names = [new() { Given = [Given], Family = Family }],
        BirthDate = PartialTime.Of(Born),
        Telecoms = [new() { System = ContactSystem.Phone, Value = Phone, Use = ContactUse.Mobile, Rank = 1 }, new() { System = ContactSystem.Email, Value = Email }],
    };

    private static bool IsName(string text) => text.Trim().Length is >= 1 and <= LongestName && text.Any(char.IsLetter) && !text.Any(char.IsControl) && IsText(text);

    private static bool IsText(string? text) => text is null || (text.All(sign => !char.IsControl(sign) || sign is '\n' or '\r' or '\t') && text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar));
}
