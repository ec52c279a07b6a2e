using System.Text.Json;
using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Notes;

// What other capabilities may name: the forms and short words in which notes are written.

/// <summary>What of a visit a section is about; the built-in drafter sorts its statements by it.</summary>
[JsonConverter(typeof(LowerNames<SectionTakes>))]
public enum SectionTakes { Subjective, Objective, Assessment, Plan }

/// <param name="Heading">As it stands in the note, 1 to 60 characters.</param>
/// <param name="Prompt">What it asks for, or null; 200 characters at most.</param>
/// <param name="Takes">What the drafter puts there; null for what is written by hand only.</param>
public sealed record TemplateSection(string Heading, string? Prompt, SectionTakes? Takes);

/// <summary>A form for notes.</summary>
/// <param name="IsActive">False: no longer offered.</param>
public sealed record NoteTemplate(Guid Id, string Name, IReadOnlyList<TemplateSection> Sections, bool IsActive, int Version);

/// <summary>A short word and what it stands for.</summary>
/// <param name="IsOfClinic">Everybody's at the clinic; else one's own.</param>
public sealed record Snippet(Guid Id, string Word, string Words, bool IsOfClinic, int Version);

/// <summary>The clinic's forms, inside the asker's transaction.</summary>
public static class NoteTemplates
{
    /// <summary>All by name, those no longer offered last.</summary>
    public static async Task<IReadOnlyList<NoteTemplate>> AllAsync(ClinicTx tx, CancellationToken ct) => [.. (await tx.QueryAsync<Row>(SelectAll, null, ct)).Select(row => row.Open())];

    /// <summary>The form that the visit's kind is written in, or null where the clinic named none.</summary>
    public static async Task<NoteTemplate?> OfVisitAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        (await tx.QueryOneOrNoneAsync<Row>(SelectOfVisit, new { visit }, ct))?.Open();

    /// <summary>The form that was chosen, also where it is no longer offered; where none was, that of the visit's kind.</summary>
    public static async Task<NoteTemplate?> ForAsync(ClinicTx tx, AppointmentId visit, Guid? chosen, CancellationToken ct) =>
        chosen is { } id ? (await AllAsync(tx, ct)).FirstOrDefault(it => it.Id == id) : await OfVisitAsync(tx, visit, ct);

    /// <summary>True for a form that the clinic offers now.</summary>
    public static async Task<bool> IsOfferedAsync(ClinicTx tx, Guid id, CancellationToken ct) => (await AllAsync(tx, ct)).Any(it => it.Id == id && it.IsActive);

    internal static string Json(IReadOnlyList<TemplateSection> sections) => JsonSerializer.Serialize(sections, JsonSerializerOptions.Web);

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Sections { get; init; } = "[]";
        public bool IsActive { get; init; }
        public int Version { get; init; }

        public NoteTemplate Open() => new(Id, Name, JsonSerializer.Deserialize<List<TemplateSection>>(Sections, JsonSerializerOptions.Web)!, IsActive, Version);   // an array, by constraint
    }

    private const string SelectAll = """
        select id, name, sections::text as sections, is_active, version
        from note_template
        order by not is_active, lower(name), id
        """;

    private const string SelectOfVisit = """
        select note_template.id, note_template.name, note_template.sections::text as sections, note_template.is_active, note_template.version
        from appointment
        join visit_type_template on visit_type_template.visit_type_id = appointment.visit_type_id
        join note_template on note_template.id = visit_type_template.template_id and note_template.is_active
        where appointment.id = @visit
        """;
}

/// <summary>Short words, inside the asker's transaction.</summary>
public static class Snippets
{
    /// <summary>One's own and the clinic's, by word; of two of one word one's own comes first and counts.</summary>
    public static async Task<IReadOnlyList<Snippet>> AllAsync(ClinicTx tx, CancellationToken ct) => await tx.QueryAsync<Snippet>(
        """
        select id, word, words, owner_id is null as is_of_clinic, version
        from snippet
        order by word, owner_id is null, id
        """, null, ct);
}

/// <summary>Enum members in JSON as small letters; numbers are refused.</summary>
public sealed class LowerNames<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where TEnum : struct, Enum;
