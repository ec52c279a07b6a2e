using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Ledger;

/// <summary>Takes a posting back.</summary>
/// <param name="Reason">Why, 500 characters at most.</param>
internal sealed record ReversePosting(string? Reason);

/// <summary>
/// Takes a posting back by one that mirrors it, line by line. Once: two desks that do it at one time meet the unique constraint <c>posting_one_reversal</c>, not a check made here.
/// Refuses <c>ledger.no-such-posting</c>, <c>ledger.is-reversal</c>, <c>ledger.reversed</c>, <c>ledger.admin-only</c>, <c>ledger.invalid-posting</c>.
/// </summary>
internal sealed class ReverseHandler(TenantDb db)
{
    public async Task<Outcome<Posting>> HandleAsync(Guid posting, ReversePosting ask, Actor actor, CancellationToken ct)
    {
        if (PostingBook.Bare(ask.Reason) is not { } reason) return Refusals.Invalid.On("reason", "Say why.");
        if (reason.Length > PostingBook.LongestWords) return Refusals.Invalid.On("reason", $"Write at most {PostingBook.LongestWords} characters.");
        await using var tx = await db.BeginAsync(actor, Permission.PostPayments, ct);
        if ((await tx.QueryAsync<PostingRow>(PostingRow.One, new { id = posting }, ct)) is not [var was]) return Refusals.NoSuchPosting;
        var id = Guid.CreateVersion7();
        if (await tx.OpenPatientAsync(was.PatientId, new(PostingNames.EventOf(PostingKind.Reversal), "posting", id, Purpose.Payment), ct) is not { } key) return Refusals.NoSuchPosting;
        if (was.ReversesId is not null) return Refusals.IsReversal;
        if (was.ReversedBy is not null) return Refusals.Reversed;
        if (!Rights.Allows(actor.Role, PostingNames.NeedOf(PostingNames.Kind(was.Kind)))) return Refusals.AdminOnly;
        var number = await PostingBook.TakeNumberAsync(tx, ct);
        var (content, keyVersion) = PostingBook.Seal(key, id, new(null, null, reason));
        try
        {
            await tx.ExecuteAsync(Insert, new { id, number, posting, content, keyVersion, tx.Now, me = tx.Actor.Person }, ct);
        }
        catch (PostgresException error) when (error.ConstraintName == "posting_one_reversal")
        {
            return Refusals.Reversed;
        }
        var reversal = (await tx.QueryAsync<PostingRow>(PostingRow.One, new { id }, ct)).Single().Open(key);
        await tx.CommitAsync(ct);
        return reversal;
    }

    private const string Insert = """
        with posted as (
            insert into posting (id, number, patient_id, kind, currency, appointment_id, content, key_version, reverses_id, reverses_kind, posted_at, posted_on, posted_by)
            select @id, @number, was.patient_id, 'reversal', was.currency, was.appointment_id, @content, @keyVersion, was.id, was.kind, @now,
                (@now::timestamptz at time zone (select clinic.time_zone from platform.clinic))::date, @me
            from posting as was
            where was.id = @posting
            returning id, number, patient_id, reverses_id)
        insert into posting_line (posting_id, account, patient_id, number, cents)
        select posted.id, line.account, case when line.account = 'receivable' then posted.patient_id end, case when line.account = 'receivable' then posted.number end, -line.cents
        from posted
        join posting_line as line on line.posting_id = posted.reverses_id
        """;
}
