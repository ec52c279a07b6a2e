using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Chartroom.Patients;

namespace Chartroom.Assist;

/// <summary>
/// Tokens in place of what tells who somebody is: names of patient, relatives and staff, dates, numbers of six digits and more, addresses, telephones, e-mail (the identifiers of
/// 45 CFR 164.514(b)(2) that occur in speech). Hides rather too much, since all of it is put back here. One for each request; not thread-safe.
/// </summary>
internal sealed class Pseudonyms
{
    private readonly IReadOnlyList<(string Kind, string Word)> known;   // their words folded
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal), values = new(StringComparer.Ordinal);

    public Pseudonyms(PrivateFacts facts) => known = KnownOf(facts);

    /// <summary>The text as it may leave.</summary>
    public string Hide(string text)
    {
        var sent = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end, kind) in Joined([.. Known(text), .. Shaped(text)]))
        {
            sent.Append(text, at, start - at).Append(TokenOf(kind, text[start..end]));
            at = end;
        }
        return sent.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The text with what was hidden in it, or null when it names a token that was never given out.</summary>
    public string? PutBack(string text)
    {
        var isKnown = true;
        var back = Token.Replace(text, match =>
        {
            isKnown &= values.TryGetValue(match.Value, out var value);
            return value ?? "";
        });
        return isKnown ? back : null;
    }

    private string TokenOf(string kind, string value)
    {
        if (tokens.TryGetValue(value, out var token)) return token;
        token = $"[{kind}-{(tokens.Count + 1).ToString(CultureInfo.InvariantCulture)}]";
        values[token] = value;
        return tokens[value] = token;
    }

    private static readonly string[] Kinds = ["TEXT", "CONTACT", "DATE", "NUMBER", "PLACE", "NAME"];

    // Linear on any text: words somebody says may be made to hold a backtracking pattern up.
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private static readonly Regex Token = new(@"\[(?:TEXT|CONTACT|DATE|NUMBER|PLACE|NAME)-[0-9]+\]", Linear);

    private const string Months = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";
    private const string Ordinals = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
        + "|twentieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first";
    private const string Digits = "zero|oh|one|two|three|four|five|six|seven|eight|nine";

    private const string GreatAges = "ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?: (?:and )?[a-z]{3,8})?";

    private const string Everywhere =
        @"(?<TEXT>\[(?:TEXT|CONTACT|DATE|NUMBER|PLACE|NAME)-[0-9]+\])"   // said in our own form: no token of ours
        + @"|(?<CONTACT>[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://|www\.)\S+)"
        + @"|(?:\b(?i:date of birth|birth date|birthday|dob|d\.o\.b\.|born)\b)(?<DATE>[^.?!\n]{1,80})"
        + @"|(?<DATE>\b(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}-\d{1,2}-\d{2,4}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2})\b)"   // not a pain of 6-7/10
        + @"|(?<DATE>\b(?i:" + Months + @")\.? (?:the )?(?:\d{1,2}(?:st|nd|rd|th)?|(?i:" + Ordinals + @"))\b(?:,? (?:\d{4}|(?i:nineteen|twenty|two thousand)[a-z -]{0,24}))?)"
        + @"|(?<DATE>\b(?:\d{1,2}(?:st|nd|rd|th)?|(?i:" + Ordinals + @")) of (?i:" + Months + @")\b(?:,? \d{4})?)"
        + @"|(?<DATE>\b(?i:" + Months + @")\.?,? (?:of )?(?:19|20)\d{2}\b)"
        + @"|(?<NUMBER>\b(?i:9\d|1[0-2]\d|" + GreatAges + @")[- ](?i:years?[- ]old|years? of age|y/?o)\b|\b(?i:aged?) (?i:9\d|1[0-2]\d|" + GreatAges + @")\b)"   // who is 90 or more is few
        + @"|(?<PLACE>\b\d{1,6} (?:[A-Z][\w'.]* ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Lane|Ln|Court|Boulevard|Blvd|Way|Place|Terrace|Circle)\b)"
        + @"|(?<NUMBER>\+?\(?\d(?:[ ().-]{0,2}\d){5,}|\b(?i:" + Digits + @")(?:[ ,-]{1,3}(?i:" + Digits + @")){5,}\b)"
        + @"|(?<NAME>\b(?:(?i:dr)\.?|(?:Mr|Mrs|Ms)\.?|(?i:doctor|nurse|professor)|Miss) [A-Z][\p{L}'-]+(?: [A-Z][\p{L}'-]+)?|\b(?i:mr|mrs)\.? [\p{L}'-]+)"
        + @"|\b(?i:name is|name's|named),? (?<NAME>(?:(?i:um|uh|er|erm),? )*(?:(?i:dr|doctor|mr|mrs|ms|miss|nurse)\.? )?[\p{L}'-]+(?: [A-Z][\p{L}'-]+){0,3})";

    private static readonly Regex Shapes = new(Everywhere, Linear);

    private static IEnumerable<(int Start, int End, string Kind)> Shaped(string text) => Shapes.Matches(text).Select(match =>
    {
        var kind = Kinds.First(kind => match.Groups[kind].Success);
        return (match.Groups[kind].Index, match.Groups[kind].Index + match.Groups[kind].Length, kind);
    });

    private IEnumerable<(int Start, int End, string Kind)> Known(string text)
    {
        var (folded, places) = Fold(text);
        foreach (var (kind, word) in known)
            for (var at = 0; (at = folded.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
                if (IsWhole(folded, at, word.Length) && (char.IsUpper(folded[at]) || !Everyday.Contains(word))) yield return (places[at], places[at + word.Length], kind);
    }

    /// <summary>The text without accents and with one kind of apostrophe and hyphen, and where each of its letters (and its end) stands in the text as it is.</summary>
    private static (string Folded, List<int> Places) Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var letter in Plain(text[at]))
            {
                folded.Append(letter);
                places.Add(at);
            }
        }
        places.Add(text.Length);
        return (folded.ToString(), places);
    }

    private static string Plain(char letter) => letter switch
    {
        < '\u0080' => letter.ToString(),
        '’' or '‘' or 'ʼ' or '´' => "'",
        '‐' or '‑' or '–' => "-",
        'ß' => "ss", 'æ' => "ae", 'Æ' => "Ae", 'œ' => "oe", 'Œ' => "Oe", 'ø' => "o", 'Ø' => "O", 'ł' => "l", 'Ł' => "L", 'đ' => "d", 'Đ' => "D", 'ı' => "i",
        _ when char.IsSurrogate(letter) => letter.ToString(),
        _ => string.Concat(letter.ToString().Normalize(NormalizationForm.FormD).Where(part => CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark)),
    };

    private static bool IsWhole(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));

    // What overlaps is hidden as one, so that no end of it is left standing.
    private static IEnumerable<(int Start, int End, string Kind)> Joined(IEnumerable<(int Start, int End, string Kind)> found)
    {
        (int Start, int End, string Kind)? open = null;
        foreach (var next in found.OrderBy(it => it.Start).ThenByDescending(it => it.End))
        {
            if (open is { } one && next.Start < one.End) open = one with { End = Math.Max(one.End, next.End) };
            else
            {
                if (open is { } done) yield return done;
                open = next;
            }
        }
        if (open is { } last) yield return last;
    }

    private static List<(string Kind, string Word)> KnownOf(PrivateFacts facts)
    {
        var patient = facts.Patient;
        return
        [
            .. Words("NUMBER", 3, [.. patient.Identifiers.Select(it => it.Value), .. patient.Coverages.SelectMany(it => new[] { it.MemberId, it.GroupNumber }), $"{facts.RecordNumber}"]),
            .. Words("CONTACT", 5, [.. patient.Telecoms.Concat(patient.Contacts.SelectMany(it => it.Telecoms)).Select(it => it.Value)]),
            .. Words("PLACE", 3, [.. patient.Addresses.Concat(patient.Contacts.Select(it => it.Address).OfType<PostalAddress>()).SelectMany(it => (string?[])[.. it.Lines, .. it.Lines.Select(WithoutNumber), it.City, it.PostalCode, it.Text])]),
            .. Words("NAME", 2, [.. NamesOf(facts)]),
        ];
    }

    private static IEnumerable<string?> NamesOf(PrivateFacts facts)
    {
        var names = facts.Patient.Names.Concat(facts.Patient.Contacts.Select(it => it.Name).OfType<PersonName>()).SelectMany(name => (string?[])[.. name.Given, name.Family, name.Text, name.Full]);
        var all = names.Concat(facts.Names).Append(facts.Patient.MothersMaidenName).Concat(facts.Patient.UsualClinicians).Concat(facts.Patient.Coverages.Select(it => it.SubscriberName));
        return all.OfType<string>().SelectMany(name => name.Split([' ', ',', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(name))
            .SelectMany(part => part.Split('-', '‐', '‑').Where(half => half.Length > 2).Append(part)).Where(part => !Titles.Contains(part));
    }

    /// <summary>A street as people say it.</summary>
    private static string? WithoutNumber(string? line) => line?.TrimStart([.. "0123456789-/, "]);

    private static IEnumerable<(string Kind, string Word)> Words(string kind, int least, IEnumerable<string?> words) => words.OfType<string>().Select(word => Fold(word.Trim()).Folded)
        .Where(word => word.Length >= least && char.IsLetterOrDigit(word[0])).Distinct(StringComparer.OrdinalIgnoreCase).Select(word => (kind, word));

    private static readonly HashSet<string> Titles = new(StringComparer.OrdinalIgnoreCase)
        { "Dr", "Doctor", "Mr", "Mrs", "Ms", "Miss", "Jr", "Sr", "II", "III", "MD", "DO", "NP", "PA", "RN", "PhD", "doctor", "clinician", "patient", "provider", "nurse", "guest", "speaker", "physician" };

    // "Will you" is nobody; "Will" is. Names that are words are hidden where they are written as names.
    private static readonly HashSet<string> Everyday = new(StringComparer.OrdinalIgnoreCase)
    {
        "will", "may", "mark", "rose", "hope", "grace", "joy", "faith", "bill", "rob", "art", "june", "april", "august", "summer", "autumn", "dawn", "eve", "ivy", "lily", "daisy", "violet", "ruby", "pearl",
        "jack", "pat", "sue", "ray", "dean", "drew", "chase", "grant", "miles", "page", "penny", "robin", "sandy", "skip", "tab", "van", "wade", "young", "old", "long", "short", "small", "little", "strong",
        "white", "black", "brown", "green", "gray", "grey", "gold", "silver", "king", "cook", "baker", "hand", "foot", "head", "hart", "hill", "field", "wood", "woods", "stone", "rivers", "lake", "park", "price",
        "rice", "day", "weeks", "winter", "snow", "rain", "frost", "bush", "moss", "fox", "wolf", "bird", "fish", "bean", "berry", "pain", "burns", "payne", "love", "good", "best", "self", "test", "case", "mobile", "normal",
        "orange", "do", "an", "so", "in", "to", "le", "my", "in", "she", "he", "any", "so", "no", "on", "be", "son", "major", "minor", "savage", "sharp", "blunt", "noble", "light", "night", "the", "of", "and",
    };
}
