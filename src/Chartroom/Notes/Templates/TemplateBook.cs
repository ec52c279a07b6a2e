using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Notes;

/// <summary>What is asked of a form for notes.</summary>
/// <param name="Sections">1 to 20; those without a heading are left out.</param>
internal sealed record WriteTemplate(string Name, IReadOnlyList<WriteSection>? Sections, bool IsActive = true);

internal sealed record WriteSection(string? Heading, string? Prompt, SectionTakes? Takes);

/// <summary>Which form a kind of visit has; null for none.</summary>
internal sealed record VisitTypeForm(Guid VisitTypeId, Guid? TemplateId);

internal sealed record ChooseForms(IReadOnlyList<VisitTypeForm>? Types);

/// <summary>A kind of visit with its form.</summary>
public sealed record TypeWithForm
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public Guid? TemplateId { get; init; }
}

/// <summary>The clinic's forms and which visits have which.</summary>
public sealed record TemplateList(IReadOnlyList<NoteTemplate> Templates, IReadOnlyList<TypeWithForm> Types);

/// <summary>Shows and keeps the forms. Refuses <c>notes.invalid-template</c>, <c>notes.template-taken</c>, <c>notes.no-such-template</c>, a stale version (412).</summary>
internal sealed class TemplateBook(TenantDb db)
{
    public const string Listed = "note_template.listed";

    public async Task<TemplateList> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Audit(new Access(Listed, "note_template", Purpose: Purpose.Operations));
        var templates = await NoteTemplates.AllAsync(tx, ct);
        var types = await tx.QueryAsync<TypeWithForm>(SelectTypes, null, ct);
        await tx.CommitAsync(ct);
        return new(templates, types);
    }

    public async Task<Outcome<Guid>> AddAsync(WriteTemplate ask, Actor actor, CancellationToken ct)
    {
        if (Read(ask) is not { IsOk: true } read) return Read(ask).Refusal!;
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.ExecuteAsync(Insert, new { id, name = ask.Name.Trim(), sections = NoteTemplates.Json(read.Value), ask.IsActive }, ct) == 0) return Taken();
        tx.Audit(new Access("note_template.added", "note_template", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    public async Task<Outcome<Done>> ChangeAsync(Guid id, int version, WriteTemplate ask, Actor actor, CancellationToken ct)
    {
        if (Read(ask) is not { IsOk: true } read) return Read(ask).Refusal!;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        try
        {
            if (await tx.ExecuteAsync(Update, new { id, version, name = ask.Name.Trim(), sections = NoteTemplates.Json(read.Value), ask.IsActive }, ct) == 0)
                return await tx.QueryAsync<int>("select version from note_template where id = @id", new { id }, ct) is [var now] ? Versions.StaleAt(now) : Refusals.NoSuchTemplate;
        }
        catch (PostgresException error) when (error.ConstraintName == "note_template_name_key")
        {
            return Taken();
        }
        tx.Audit(new Access("note_template.changed", "note_template", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Gives kinds of visits their forms; those not named keep theirs.</summary>
    public async Task<Outcome<Done>> ChooseAsync(ChooseForms ask, Actor actor, CancellationToken ct)
    {
        var types = ask.Types ?? [];
        if (types.Select(it => it.VisitTypeId).Distinct().Count() != types.Count) return Refusals.InvalidTemplate.On("types", "Name each kind of visit once.");
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Queue("delete from visit_type_template where visit_type_id = any(@types)", new { types = types.Select(it => it.VisitTypeId).ToArray() });
        var chosen = types.Where(it => it.TemplateId is not null).ToList();
        var made = await tx.ExecuteAsync(InsertChosen, new { types = chosen.Select(it => it.VisitTypeId).ToArray(), templates = chosen.Select(it => it.TemplateId!.Value).ToArray() }, ct);   // filtered
        if (made != chosen.Count) return Refusals.NoSuchTemplate;
        tx.Audit(new Access("note_template.chosen", "note_template", null, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Outcome<List<TemplateSection>> Read(WriteTemplate ask)
    {
        var refusal = Refusals.InvalidTemplate;
        var sections = (ask.Sections ?? []).Where(it => !string.IsNullOrWhiteSpace(it.Heading)).Select(it => new TemplateSection(it.Heading!.Trim(), string.IsNullOrWhiteSpace(it.Prompt) ? null : it.Prompt.Trim(), it.Takes)).ToList();   // filtered
        if (ask.Name.Trim().Length is 0 or > 60) refusal = refusal.On("name", "Give it a name of at most 60 characters.");
        if (sections.Count is 0 or > 20) refusal = refusal.On("sections[0].heading", "A form has 1 to 20 sections.");
        if (sections.Exists(it => it.Heading.Length > 60 || it.Prompt?.Length > 200)) refusal = refusal.On("sections[0].heading", "A heading has 60 characters at most, a prompt 200.");
        if (sections.DistinctBy(it => it.Heading.ToUpperInvariant()).Count() != sections.Count) refusal = refusal.On("sections[0].heading", "Each heading stands once.");
        return refusal.Errors.Count > 0 ? refusal : sections;
    }

    private static Refusal Taken() => Refusals.TemplateTaken.On("name", Refusals.TemplateTaken.Title);

    private const string SelectTypes = """
        select visit_type.id, visit_type.name, visit_type_template.template_id
        from visit_type
        left join visit_type_template on visit_type_template.visit_type_id = visit_type.id
        where visit_type.is_active
        order by lower(visit_type.name), visit_type.id
        """;

    private const string Insert = """
        insert into note_template (id, name, sections, is_active)
        values (@id, @name, @sections::jsonb, @isActive)
        on conflict do nothing
        """;

    private const string Update = """
        update note_template
        set name = @name, sections = @sections::jsonb, is_active = @isActive, version = version + 1
        where id = @id and version = @version
        """;

    private const string InsertChosen = """
        insert into visit_type_template (visit_type_id, template_id)
        select chosen.visit_type_id, chosen.template_id
        from unnest(@types, @templates) as chosen (visit_type_id, template_id)
        join visit_type on visit_type.id = chosen.visit_type_id
        join note_template on note_template.id = chosen.template_id and note_template.is_active
        """;
}
