using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Paperwork;

/// <summary>Shows and keeps the clinic's list of papers.</summary>
internal sealed class PaperBook(TenantDb db)
{
    internal const string Listed = "papers.listed";
    private const int Most = 50;

    /// <summary>All, active ones first, also those that are not asked for any more.</summary>
    public async Task<IReadOnlyList<Paper>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access(Listed, "paper", Purpose: Purpose.Operations));
        var rows = await PaperRow.Ask(tx).ReadAsync(ct);
        await tx.CommitAsync(ct);
        return [.. rows.Select(row => row.ToPaper())];
    }

    /// <summary>Refuses <c>paperwork.incomplete</c> and <c>paperwork.name-taken</c>.</summary>
    public async Task<Outcome<PaperId>> AddAsync(PaperFields ask, Actor actor, CancellationToken ct)
    {
        if (WhatIsWrong(ask) is { } wrong) return wrong;
        var id = PaperId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from paper where is_active", null, ct) >= Most) return Refusals.Incomplete.On("name", $"At most {Most} papers.");
        if (await tx.ExecuteAsync(Insert, Row(id, 1, ask), ct) == 0) return NameTaken();
        if (await TypesAsync(tx, id, ask, ct) is { } unknown) return unknown;
        tx.Audit(new Access("paper.added", "paper", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>paperwork.no-such-paper</c> and <c>platform.stale-version</c>. What was received before stays received.</summary>
    public async Task<Outcome<Done>> ChangeAsync(PaperId id, int version, PaperFields ask, Actor actor, CancellationToken ct)
    {
        if (WhatIsWrong(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            if (await tx.ExecuteAsync(Update, Row(id, version, ask), ct) == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.ConstraintName == "paper_name_key")
        {
            return NameTaken();
        }
        if (await TypesAsync(tx, id, ask, ct) is { } unknown) return unknown;
        tx.Audit(new Access("paper.changed", "paper", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Asks for it no more, or again; answers the version afterwards. Refuses <c>paperwork.no-such-paper</c>, <c>paperwork.name-taken</c>, <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<int>> SetActiveAsync(PaperId id, int version, bool isActive, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            if (await tx.ExecuteAsync(UpdateActive, new { id, version, isActive }, ct) == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.ConstraintName == "paper_name_key")
        {
            return NameTaken();
        }
        tx.Audit(new Access(EventOf(isActive), "paper", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return version + 1;
    }

    internal static string EventOf(bool isActive) => isActive ? "paper.restored" : "paper.retired";

    private static async Task<Refusal?> TypesAsync(ClinicTx tx, PaperId id, PaperFields ask, CancellationToken ct)
    {
        VisitTypeId[] types = [.. (ask.VisitTypeIds ?? []).Distinct()];
        tx.Queue("delete from paper_visit_type where paper_id = @id", new { id });
        return types.Length > 0 && await tx.ExecuteAsync(InsertTypes, new { id, types }, ct) != types.Length
            ? Refusals.Incomplete.On("visitTypeIds", "Choose visit types of this clinic.") : null;
    }

    private static object Row(PaperId id, int version, PaperFields ask) => new
    {
        id, version, name = ask.Name.Trim(), ask.Asked, months = ask.Asked == PaperAsked.Months ? ask.Months : null, ask.Patients, isForAll = ask.VisitTypeIds is not { Count: > 0 },
    };

    private static Refusal NameTaken() => Refusals.NameTaken.On("name", Refusals.NameTaken.Title);

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, PaperId id, CancellationToken ct) =>
        await tx.QueryAsync<int>("select version from paper where id = @id", new { id }, ct) is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchPaper;

    private static Refusal? WhatIsWrong(PaperFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Trim().Length is 0 or > 60) refusal = refusal.On("name", "Give it a name of at most 60 characters.");
        if (!Enum.IsDefined(ask.Asked)) refusal = refusal.On("asked", "Choose one of the list.");
        if (!Enum.IsDefined(ask.Patients)) refusal = refusal.On("patients", "Choose one of the list.");
        if (ask.Asked == PaperAsked.Months && ask.Months is not (>= 1 and <= 60)) refusal = refusal.On("months", "Give 1 to 60 months.");
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    private const string Insert = """
        insert into paper (id, name, asked, months, patients, is_for_all_types, version)
        values (@id, @name, @asked, @months, @patients, @isForAll, @version)
        on conflict (lower(name)) where is_active do nothing
        """;

    private const string Update = """
        update paper
        set name = @name, asked = @asked, months = @months, patients = @patients, is_for_all_types = @isForAll, version = version + 1
        where id = @id and version = @version
        """;

    private const string UpdateActive = """
        update paper
        set is_active = @isActive, version = version + 1
        where id = @id and version = @version
        """;

    private const string InsertTypes = """
        insert into paper_visit_type (paper_id, visit_type_id)
        select @id, visit_type.id
        from visit_type
        where visit_type.id = any(@types)
        """;
}
