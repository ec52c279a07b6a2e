using System.Globalization;
using System.Text;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>What a patient is found by: the terms of their demographics, and their blinded form as it stands in <c>patient.search</c>.</summary>
internal static class SearchIndex
{
    /// <summary>The blind numbers of a patient, in no order.</summary>
    public static long[] Of(ClinicTx tx, Demographics patient, long mrn) => [.. Terms(patient, mrn).Distinct().Select(term => tx.Blind(term.Index, term.Value))];

    /// <summary>The terms of a patient. Pure; may repeat itself.</summary>
    public static IEnumerable<SearchTerm> Terms(Demographics patient, long mrn) =>
    [
        .. patient.Names.SelectMany(NameTerms),
        .. Sounds(patient),
        .. BirthTerms(patient),
        .. Phones(patient).SelectMany(PhoneTerms),
        .. NumberTerms(patient),
        SearchTerm.Number(mrn.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>How all names of the patient sound, family name first and, since forms get filled in the wrong way round, given name first.</summary>
    public static IEnumerable<SearchTerm> Sounds(Demographics patient)
    {
        foreach (var (family, given) in patient.Names.Select(name => FamilyAndGiven(name, patient.LeadName)))
        {
            if (family.Length == 0 && given.Length == 0) continue;
            yield return SearchTerm.Sound(family, given);
            yield return SearchTerm.Sound(given, family);
        }
    }

    /// <summary>Full telephone numbers, digits only; North American ones without the country's 1.</summary>
    public static IEnumerable<string> Phones(Demographics patient) =>
        patient.Telecoms.Where(point => point.System is ContactSystem.Phone or ContactSystem.Sms).Select(point => PhoneDigits(point.Value)).Where(digits => digits.Length > 3).Distinct();

    /// <summary>A record number without what people leave out: <c>AB-12 345</c> → <c>ab12345</c>.</summary>
    public static string PlainNumber(string typed) => NameFold.Whole(typed);

    private static IEnumerable<SearchTerm> NameTerms(PersonName name)
    {
        var fields = name.Given.Append(name.Family ?? "").Append(string.Join(' ', name.Given));
        if (name.Family is null && name.Given.Count == 0) fields = [name.Text ?? ""];
        foreach (var form in fields.SelectMany(NameFold.Forms).Distinct())
        {
            yield return SearchTerm.WholeName(form);
            if (form.Any(char.IsAsciiDigit)) yield return SearchTerm.Number(form);   // test data has names such as Smith12
            foreach (var beginning in Beginnings(form)) yield return SearchTerm.Beginning(beginning);
        }
    }

    private static IEnumerable<string> Beginnings(string form)
    {
        var beginning = new StringBuilder();
        foreach (var rune in form.EnumerateRunes().Take(SearchTerm.LongestBeginning)) yield return beginning.Append(rune.ToString()).ToString();
    }

    private static (string Family, string Given) FamilyAndGiven(PersonName name, PersonName? lead)
    {
        var words = (name.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var hasParts = name.Family is not null || name.Given.Count > 0;
        var family = hasParts ? name.Family ?? lead?.Family : words is [.., var last] ? last : null;
        var given = !hasParts ? words is [var first, ..] ? first : null
            : name.Given is [var own, ..] ? own : lead?.Given is [var leads, ..] ? leads : null;
        return (NameFold.Whole(family ?? ""), NameFold.Whole(given ?? ""));
    }

    /// <summary>A birth date is typed in many ways; those with a two-digit year find both centuries.</summary>
    private static IEnumerable<SearchTerm> BirthTerms(Demographics patient) => patient.BirthDate?.Day is not { } day
        ? []
        : [SearchTerm.Birth(day), SearchTerm.Number(day.ToString("MMddyyyy", CultureInfo.InvariantCulture)), SearchTerm.Number(day.ToString("MMddyy", CultureInfo.InvariantCulture))];

    /// <summary>The whole number, the last seven digits (without the area) and the last four.</summary>
    private static IEnumerable<SearchTerm> PhoneTerms(string digits) =>
        new[] { digits, digits[^Math.Min(7, digits.Length)..], digits[^4..] }.Select(SearchTerm.Number);

    private static IEnumerable<SearchTerm> NumberTerms(Demographics patient)
    {
        foreach (var number in patient.Identifiers)
        {
            var plain = PlainNumber(number.Value);
            if (plain.Length == 0) continue;
            if (number.Type != PatientIdentifier.SocialSecurity) yield return SearchTerm.Number(plain);
            else if (plain.Length >= 4) yield return SearchTerm.Number(plain[^4..]);
        }
    }

    private static string PhoneDigits(string written)
    {
        if (PhoneNumber.Read(written) is { } number) return number.Value.StartsWith("+1", StringComparison.Ordinal) ? number.Value[2..] : number.Value[1..];
        return string.Concat(written.Where(char.IsAsciiDigit));
    }
}
