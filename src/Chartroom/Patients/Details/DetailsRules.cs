using System.Globalization;
using Chartroom.Platform.Identity;

namespace Chartroom.Patients;

/// <summary>Checks what was typed about a patient and brings it to normal form. Pure; every wrong field is named, not only the first.</summary>
internal static class DetailsRules
{
    private const int LongestName = 100, LongestText = 200, LongestAlert = 120, OldestYears = 130;

    /// <param name="typed">What was typed.</param>
    /// <param name="today">The clinic's today: nobody is born after it.</param>
    /// <param name="before">What the form showed when it was opened, or null for a new patient: what other systems wrote in their own way may stay so.</param>
    /// <returns>The details in normal form: trimmed, day as ISO, telephone as E.164; or <see cref="Refusals.Invalid"/>.</returns>
    public static Outcome<PatientDetails> Check(PatientDetails typed, DateOnly today, PatientDetails? before)
    {
        var no = Refusals.Invalid;
        void Wrong(string field, string why) => no = no.On("patient." + field, why);

        var name = NameOf(typed.Name ?? new(null, null, null, null, null, null), Wrong);
        var birth = typed.BirthDate is { } same && same == before?.BirthDate ? same : BirthOf(typed.BirthDate, today, Wrong);
        var contact = ContactOf(typed.Contact ?? new(null, null, null, null), before?.Contact, Wrong);
        var address = AddressOf(typed.Address ?? new(null, null, null, null, null, null), Wrong);
        var emergency = EmergencyOf(typed.Emergency ?? new(null, null, null), before?.Emergency, Wrong);
        var insurance = InsuranceOf(typed.Insurance ?? new(null, null, null, null, null, null), Wrong);
        var facts = FactsOf(typed.Facts ?? new(null, null, null, null, null), Wrong);
        return no.Errors.Count > 0 ? no : new PatientDetails(name, birth, typed.Sex ?? Sex.Unknown, contact, address, emergency, insurance, facts);
    }

    private static TypedName NameOf(TypedName typed, Action<string, string> wrong)
    {
        string? Part(string? text, string field) => Text(text, "name." + field, LongestName, wrong);
        var name = new TypedName(Part(typed.Given, "given"), Part(typed.Middle, "middle"), Part(typed.Family, "family"),
            Part(typed.Suffix, "suffix"), Part(typed.Nickname, "nickname"), Part(typed.Former, "former"));
        if (NameFold.Whole(name.Given + name.Family).Length == 0) wrong("name.family", "Give a name: first, last or both.");
        return name;
    }

    private static string? BirthOf(string? typed, DateOnly today, Action<string, string> wrong)
    {
        if (string.IsNullOrWhiteSpace(typed)) wrong("birthDate", "Give the date of birth.");
        else if (!DateOnly.TryParseExact(typed.Trim(), ["yyyy-MM-dd", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            wrong("birthDate", "There is no such day. Write it as month/day/year, such as 3/4/1980.");
        else if (day > today) wrong("birthDate", "This day is still to come.");
        else if (day < today.AddYears(-OldestYears)) wrong("birthDate", "Nobody is that old. Check the year.");
        else return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return null;
    }

    private static TypedContact ContactOf(TypedContact typed, TypedContact? before, Action<string, string> wrong)
    {
        var email = Text(typed.Email, "contact.email", LongestText, wrong);
        var address = email is null ? (EmailAddress?)null : EmailAddress.Read(email);
        if (email is not null && address is null && email != before?.Email) wrong("contact.email", "This is not an e-mail address. Write it as name@example.com.");
        return new(Phone(typed.Mobile, before?.Mobile, "contact.mobile", wrong), Phone(typed.Home, before?.Home, "contact.home", wrong),
            Phone(typed.Work, before?.Work, "contact.work", wrong), email == before?.Email ? email : address?.Value);
    }

    private static TypedAddress AddressOf(TypedAddress typed, Action<string, string> wrong)
    {
        string? Part(string? text, string field) => Text(text, "address." + field, LongestText, wrong);
        return new(Part(typed.Line1, "line1"), Part(typed.Line2, "line2"), Part(typed.City, "city"), Part(typed.State, "state"),
            Part(typed.PostalCode, "postalCode"), Part(typed.Country, "country"));
    }

    private static TypedEmergencyContact EmergencyOf(TypedEmergencyContact typed, TypedEmergencyContact? before, Action<string, string> wrong)
    {
        var contact = new TypedEmergencyContact(Text(typed.Name, "emergency.name", LongestText, wrong),
            Text(typed.Relationship, "emergency.relationship", LongestText, wrong), Phone(typed.Phone, before?.Phone, "emergency.phone", wrong));
        if (contact.Name is null && (contact.Relationship ?? contact.Phone) is not null) wrong("emergency.name", "Who is it? Give the name.");
        return contact;
    }

    private static TypedInsurance InsuranceOf(TypedInsurance typed, Action<string, string> wrong)
    {
        string? Part(string? text, string field) => Text(text, "insurance." + field, LongestText, wrong);
        var insurance = new TypedInsurance(Part(typed.Payer, "payer"), Part(typed.Plan, "plan"), Part(typed.MemberId, "memberId"),
            Part(typed.GroupNumber, "groupNumber"), Part(typed.SubscriberName, "subscriberName"), Part(typed.Relationship, "relationship"));
        if (insurance.Payer is null && insurance != new TypedInsurance(null, null, null, null, null, null)) wrong("insurance.payer", "Which insurance is it? Give the payer.");
        return insurance;
    }

    private static TypedFacts FactsOf(TypedFacts typed, Action<string, string> wrong)
    {
        string? Part(string? text, string field) => Text(text, "facts." + field, LongestText, wrong);
        var number = Part(typed.SocialSecurityNumber, "socialSecurityNumber");
        var digits = number is null ? null : string.Concat(number.Where(sign => sign is not ('-' or ' ')));
        if (digits is not null && (digits.Length != 9 || !digits.All(char.IsAsciiDigit)))
            wrong("facts.socialSecurityNumber", "A social security number has nine digits.");
        var shown = digits is { Length: 9 } ? $"{digits[..3]}-{digits[3..5]}-{digits[5..]}" : null;
        return new(Part(typed.GenderIdentity, "genderIdentity"), Part(typed.Pronouns, "pronouns"), Part(typed.Language, "language"), shown,
            Part(typed.OtherRecordNumber, "otherRecordNumber"), Part(typed.Interpreter, "interpreter"), Text(typed.DeskAlert, "facts.deskAlert", LongestAlert, wrong));
    }

    /// <summary>E.164.</summary>
    private static string? Phone(string? typed, string? before, string field, Action<string, string> wrong)
    {
        if (string.IsNullOrWhiteSpace(typed)) return null;
        if (PhoneNumber.Read(typed) is { } number) return number.Value;
        if (typed == before) return before;
        wrong(field, "This is not a telephone number. Write it with the area, such as 303 555 0123, or with + and the country.");
        return null;
    }

    /// <summary>Trimmed, or null when nothing is left. Control characters are refused, since no form sends them by itself.</summary>
    private static string? Text(string? typed, string field, int longest, Action<string, string> wrong)
    {
        var text = (typed ?? "").Trim();
        if (text.Length > longest) wrong(field, $"At most {longest} characters fit here.");
        if (text.Any(char.IsControl) || !IsWellFormed(text)) wrong(field, "This holds a sign that cannot be kept.");
        return text.Length == 0 ? null : text;
    }

    /// <summary>False for half a surrogate pair, which has no UTF-8.</summary>
    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}
