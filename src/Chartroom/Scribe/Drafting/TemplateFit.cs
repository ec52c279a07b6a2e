using Chartroom.Notes;

namespace Chartroom.Scribe.Drafting;

/// <summary>Sorts a draft's statements into the sections of the clinic's template. Pure; no statement is lost, and what has no place keeps its own heading at the end.</summary>
internal static class TemplateFit
{
    public static Draft Apply(Draft draft, NoteTemplate? template)
    {
        if (template is null) return draft;
        var placed = draft.Sections.Select(section => (section, To: HeadingFor(section.Title, template) ?? section.Title)).ToList();
        var headings = template.Sections.Select(it => it.Heading).Concat(placed.Select(it => it.To)).Distinct();
        var number = 0;
        return draft with
        {
            Sections = [.. headings.Select(heading => new DraftSection(heading, [.. placed.Where(it => it.To == heading).SelectMany(it => it.section.Statements.Select(statement => (it.section.Title, statement)))
                .Select(it => it.statement with { Id = $"n{++number}", Section = heading, Group = it.statement.Group ?? (it.Title == heading || IsPlain(it.Title) ? null : ReviewWords.Heading(it.Title)) })]))
                .Where(section => section.Statements.Count > 0)],
        };
    }

    private static string? HeadingFor(string title, NoteTemplate template)
    {
        if (template.Sections.FirstOrDefault(it => string.Equals(it.Heading, title, StringComparison.OrdinalIgnoreCase)) is { } same) return same.Heading;
        SectionTakes[] wanted = title switch
        {
            NoteSheet.Vitals or NoteSheet.Exam or NoteSheet.Results => [SectionTakes.Objective, SectionTakes.Subjective],
            NoteSheet.Plan or NoteSheet.Instructions or "PLAN" => [SectionTakes.Plan, SectionTakes.Assessment],
            "ASSESSMENT" => [SectionTakes.Assessment, SectionTakes.Plan],
            _ => [SectionTakes.Subjective],
        };
        return wanted.Select(takes => template.Sections.FirstOrDefault(it => it.Takes == takes)?.Heading).FirstOrDefault(it => it is not null);
    }

    /// <summary>What needs no label inside a section of the template.</summary>
    private static bool IsPlain(string title) => title is NoteSheet.History or NoteSheet.Plan or NoteSheet.ChiefComplaint or "ASSESSMENT" or "PLAN";
}
