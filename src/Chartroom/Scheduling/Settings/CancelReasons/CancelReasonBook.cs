using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Scheduling;

/// <summary>Shows and keeps the list of reasons.</summary>
internal sealed class CancelReasonBook(TenantDb db)
{
    private const int Most = 50;

    /// <summary>All that people choose, in their order, also those that are not offered any more.</summary>
    public async Task<IReadOnlyList<CancelReason>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access("cancel_reasons.listed", "cancel_reason", Purpose: Purpose.Operations));
        var all = await CancelReasons.Ask(tx).ReadAsync(ct);
        await tx.CommitAsync(ct);
        return [.. all.Where(reason => reason.UsedBy != "system")];
    }

    /// <summary>The code of the new one. Refuses <c>scheduling.incomplete</c> and <c>scheduling.cancel-reason-taken</c>.</summary>
    public async Task<Outcome<string>> AddAsync(CancelReasonFields ask, Actor actor, CancellationToken ct)
    {
        if (WhatIsWrong(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var codes = (await CancelReasons.Ask(tx).ReadAsync(ct)).Select(reason => reason.Code).ToHashSet();
        if (codes.Count >= Most) return Refusals.Incomplete.On("name", "At most 50 reasons.");
        var code = CodeOf(ask.Name, codes);
        if (await tx.ExecuteAsync(Insert, new { code, name = ask.Name.Trim(), ask.UsedBy, ask.Place, ask.IsActive }, ct) == 0) return NameTaken();
        tx.Audit(new Access("cancel_reason.added", "cancel_reason", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return code;
    }

    /// <summary>Refuses what adding refuses, <c>scheduling.no-such-cancel-reason</c>, <c>scheduling.last-cancel-reason</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(string code, int version, CancelReasonFields ask, Actor actor, CancellationToken ct)
    {
        if (WhatIsWrong(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            if (await tx.ExecuteAsync(Update, new { code, version, name = ask.Name.Trim(), ask.UsedBy, ask.Place, ask.IsActive }, ct) == 0) return await WhyNotAsync(tx, code, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // cancel_reason_name_key is the only one an update can meet
        {
            return NameTaken();
        }
        if (!(await CancelReasons.Ask(tx).ReadAsync(ct)).Exists(reason => reason.IsFor(CancelUse.Staff))) return Refusals.LastCancelReason;
        tx.Audit(new Access("cancel_reason.changed", "cancel_reason", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>A word made of the name: what programs and exports show. It stays when the name changes.</summary>
    internal static string CodeOf(string name, IReadOnlySet<string> taken)
    {
        var letters = name.Trim().ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '_');
        var word = string.Join('_', string.Concat(letters).Split('_', StringSplitOptions.RemoveEmptyEntries));
        if (word.Length == 0 || !char.IsAsciiLetter(word[0])) word = $"reason_{word}".TrimEnd('_');
        word = word.Length > 36 ? word[..36].TrimEnd('_') : word;
        return Enumerable.Range(1, Most + 1).Select(number => number == 1 ? word : $"{word}_{number}").First(it => !taken.Contains(it));
    }

    private static Refusal NameTaken() => Refusals.CancelReasonTaken.On("name", Refusals.CancelReasonTaken.Title);

    private static Refusal? WhatIsWrong(CancelReasonFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Trim().Length is 0 or > 60) refusal = refusal.On("name", "Give it a name of at most 60 characters.");
        if (!Enum.IsDefined(ask.UsedBy)) refusal = refusal.On("usedBy", "Choose one of the list.");
        if (ask.Place is < 1 or > 99) refusal = refusal.On("place", "Give a number from 1 to 99.");
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, string code, CancellationToken ct) =>
        await tx.QueryAsync<int>("select version from cancel_reason where code = @code and used_by <> 'system'", new { code }, ct) is [var version]
            ? Versions.StaleAt(version)
            : Refusals.NoSuchCancelReason;

    private const string Insert = """
        insert into cancel_reason (code, name, used_by, place, is_active)
        values (@code, @name, @usedBy, @place, @isActive)
        on conflict do nothing
        """;

    private const string Update = """
        update cancel_reason
        set name = @name, used_by = @usedBy, place = @place, is_active = @isActive, version = version + 1
        where code = @code and version = @version and used_by <> 'system'
        """;
}
