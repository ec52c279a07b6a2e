using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>The draft as it grows: sections in the order of a SOAP note, statements with their sources.</summary>
internal sealed class NoteSheet(Casing casing)
{
    public const string ChiefComplaint = "CHIEF COMPLAINT";
    public const string History = "HISTORY OF PRESENT ILLNESS";
    public const string Medical = "MEDICAL HISTORY";
    public const string Surgical = "SURGICAL HISTORY";
    public const string Social = "SOCIAL HISTORY";
    public const string Family = "FAMILY HISTORY";
    public const string Medications = "MEDICATIONS";
    public const string Allergies = "ALLERGIES";
    public const string Systems = "REVIEW OF SYSTEMS";
    public const string Vitals = "VITALS";
    public const string Exam = "PHYSICAL EXAM";
    public const string Results = "RESULTS";
    public const string Plan = "ASSESSMENT AND PLAN";
    public const string Instructions = "INSTRUCTIONS";

    /// <summary>In the order of a note.</summary>
    public static readonly IReadOnlyList<string> Titles =
        [ChiefComplaint, History, Medical, Surgical, Social, Family, Medications, Allergies, Systems, Vitals, Exam, Results, Plan,
            Instructions];

    private readonly List<(string Section, string? Group, string Text, List<string> Citations)> _rows = [];
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    public int WordCount { get; private set; }

    /// <summary>Adds a statement; the same words twice in one section are one statement.</summary>
    public void Add(string section, string? group, string text, params IEnumerable<Line> sources)
    {
        var citations = sources.OrderBy(line => line.Index).Select(line => line.Span.Id).Distinct(StringComparer.Ordinal).ToList();
        text = casing.Restore(text, sources);
        if (text.Length < 3 || citations.Count == 0 || !_seen.Add(section + text)) return;
        _rows.Add((section, group, text, citations));
        WordCount += text.Count(c => c == ' ') + 1;
    }

    public bool Has(string section) => _rows.Exists(row => row.Section == section);

    public List<DraftSection> ToSections()
    {
        var number = 0;
        var sections = new List<DraftSection>();
        foreach (var title in Titles)
        {
            var statements = _rows.Where(row => row.Section == title)
                .Select(row => new Statement($"n{++number}", title, row.Group, row.Text, row.Citations)).ToList();
            if (statements.Count > 0) sections.Add(new DraftSection(title, statements));
        }
        return sections;
    }
}
