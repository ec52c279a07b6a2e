using System.Globalization;
using System.Xml.Linq;
using Chartroom.Charts;
using Chartroom.Import;

namespace Chartroom.Cda;

/// <summary>One document while it is read: its data types as chart values, and the words that an entry must not lose although no field holds them.</summary>
internal sealed class CdaSource(XElement root)
{
    private readonly Dictionary<string, XElement> byId = root.Descendants().Where(element => element.Says("ID") is not null)
        .GroupBy(element => element.Says("ID")!).ToDictionary(same => same.Key, same => same.First());   // filtered: each has one

    private readonly Dictionary<string, string> peopleById = People(root);
    private readonly List<string> remarks = [];
    private readonly Dictionary<XElement, string?> referenced = [];
    private long referencedChars;

    /// <summary>Most of one reference that an entry repeats; the section's narrative has the rest.</summary>
    internal const int MostOfReference = 4000;

    /// <summary>Most that all references of a document repeat together.</summary>
    private const long MostReferenced = 20_000_000;

    public XElement Root => root;

    public Tally Tally { get; } = new();

    /// <summary>What the entry just read says beside its fields; empty again afterwards.</summary>
    public IReadOnlyList<string> TakeRemarks()
    {
        string[] taken = [.. remarks.Distinct()];
        remarks.Clear();
        return taken;
    }

    public void Remark(string words) => remarks.Add(words);

    /// <summary>A point in time. A time of day without an offset, or what is no time, stays with the entry as words; the latter is told in the report too.</summary>
    public PartialTime? Time(XElement? element)
    {
        if (element.Says("value") is not { } text) return null;
        var read = CdaTimes.Parse(text);
        if (read.Rest is { } rest) Remark($"{NameOf(element!)} as the sender wrote it{(read.IsBroken ? ", no date" : ", without a time zone")}: {rest}");   // it says something
        if (read.IsBroken) Tally.LeftOut("Time", "no date; the entry keeps it as words");
        return read.Time;
    }

    /// <summary>Beginning and end; a single point is a beginning.</summary>
    public (PartialTime? From, PartialTime? To) Interval(XElement? element)
    {
        if (element is null) return (null, null);
        if (element.One("width") is { } width && width.Says("value") is { } length) Remark($"{NameOf(element)} lasts {length} {width.Says("unit")}".TrimEnd());
        return (Time(element.One("low")) ?? Time(element.One("center")) ?? Time(element), Time(element.One("high")));
    }

    public Concept? Concept(XElement? element)
    {
        if (element is null) return null;
        var codes = element.Many("translation").Prepend(element).ToList();
        Coding[] codings = [.. codes.Select(CodingOf).OfType<Coding>().DistinctBy(coding => (coding.System, coding.Code))];
        var original = element.One("originalText") ?? codes.Select(code => code.One("originalText")).FirstOrDefault(text => text is not null);
        var text = codes.Select(code => code.Says("displayName")).Prepend(Inline(original)).FirstOrDefault(SaysSomething) ?? Referenced(original)
            ?? (codings is [var first, ..] ? first.Code : null);
        return text is null ? null : new Concept { Text = text + Qualifiers(element), Codings = codings };
    }

    public IReadOnlyList<Concept> Concepts(IEnumerable<XElement> elements) => [.. elements.Select(Concept).OfType<Concept>()];

    /// <summary>A coding of its own, without words.</summary>
    public static Coding? CodingOf(XElement? code) => code.Says("code") is not { } value ? null
        : new Coding(CodeSystems.FromCda(code.Says("codeSystem"), code.Says("codeSystemName")), value, code.Says("displayName"));

    /// <summary>An amount; null when there is none or it is no number.</summary>
    public static Quantity? Amount(XElement? element)
    {
        if (Number(element.Says("value")) is not { } value) return null;
        var (unit, shown) = (element.Says("unit"), V3.Plain(element.One("translation/originalText")?.Value));
        return new Quantity(value, unit ?? shown, unit is null ? null : shown);
    }

    public static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Words that stand there or that are referred to in the narrative.</summary>
    public string? Words(XElement? element) => Inline(element) ?? Referenced(element);

    /// <summary>The same uncut, for what is a document itself.</summary>
    public string? AllWords(XElement? element) => Inline(element) ?? Referenced(element, isWhole: true);

    /// <summary>The words in the narrative that an entry refers to.</summary>
    private string? Referenced(XElement? element, bool isWhole = false)
    {
        if (element.At("reference", "value") is not { } link || !byId.TryGetValue(link.TrimStart('#'), out var target)) return null;
        if (isWhole || !referenced.TryGetValue(target, out var said)) said = Narrative.Read(target)?.Replace('\n', ' ');
        if (!isWhole) referenced[target] = said = said is { Length: > MostOfReference } ? said[..(MostOfReference - 1)] + "…" : said;
        return (referencedChars += said?.Length ?? 0) <= MostReferenced ? said : throw new CdaFault(Refusals.TooManyWords);
    }

    /// <summary>Who did, wrote or told it: performers, then authors; an author who is only an id is looked up in the rest of the document.</summary>
    public IReadOnlyList<string> By(XElement entry) =>
    [
        .. entry.Many("performer/assignedEntity").Concat(entry.Many("author/assignedAuthor")).Select(NameOfParty).OfType<string>().Distinct(),
    ];

    public string? NameOfParty(XElement party) => OwnName(party) ?? Ids(party).Select(id => peopleById.GetValueOrDefault(id)).FirstOrDefault(name => name is not null);

    public static IEnumerable<string> Ids(XElement element) => element.Many("id").Select(IdOf).OfType<string>();

    /// <summary>An instance identifier as text; null for one that says nothing.</summary>
    public static string? IdOf(XElement id) => id.Says("root") is not { } root || id.Says("nullFlavor") is not null ? null : $"{root}|{id.Says("extension")}";

    public static string? PersonName(XElement? name) =>
        name is null ? null : V3.Plain(string.Join(' ', name.Nodes().Select(node => node is XElement part ? part.Value : node is XText words ? words.Value : "")));

    private static string? OwnName(XElement party) =>
        PersonName(party.One("assignedPerson/name")) ?? V3.Plain(party.One("representedOrganization/name")?.Value) ?? V3.Plain(party.One("assignedAuthoringDevice/softwareName")?.Value);

    /// <summary>Text that says of itself that it is plain keeps its lines; elsewhere line ends are how the file was laid out.</summary>
    private static string? Inline(XElement? element)
    {
        if (element is null) return null;
        var text = string.Concat(element.Nodes().OfType<XText>().Select(node => node.Value));
        return element.Says("mediaType") != "text/plain" ? V3.Plain(text) : string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>What narrows a code down (its side, its severity) becomes words, so that it is not lost where only the code is shown.</summary>
    private string Qualifiers(XElement element) => string.Concat(element.Many("qualifier")
        .Select(qualifier => (Name: Concept(qualifier.One("name"))?.Text, Value: Concept(qualifier.One("value"))?.Text))
        .Where(qualifier => qualifier.Value is not null).Select(qualifier => qualifier.Name is null ? $" ({qualifier.Value})" : $" ({qualifier.Name}: {qualifier.Value})"));

    /// <summary>Some senders write a row of question marks where their own system knew no words.</summary>
    private static bool SaysSomething(string? words) => words is not null && words.Any(char.IsLetterOrDigit);

    private static string NameOf(XElement time) =>
        time.Name.LocalName is "low" or "high" or "center" && time.Parent is { } parent ? $"{parent.Name.LocalName} {time.Name.LocalName}" : time.Name.LocalName;

    private static Dictionary<string, string> People(XElement root)
    {
        var people = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var party in root.Descendants().Where(element => element.Name.LocalName is "assignedAuthor" or "assignedEntity"))
            if (PersonName(party.One("assignedPerson/name")) is { } name)
                foreach (var id in Ids(party)) people.TryAdd(id, name);
        return people;
    }
}
