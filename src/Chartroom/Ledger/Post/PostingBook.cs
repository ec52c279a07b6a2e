using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Ledger;

/// <summary>
/// The one way into the ledger: a posting with its two lines, in one statement, at whose end the database judges them (<c>posting_balances</c>). Taking the number locks the
/// clinic's counter until the commit, so postings of one clinic come one after the other, and what is read after it is as it will be.
/// </summary>
internal static class PostingBook
{
    public const int LongestWords = 500;

    public static async Task<Outcome<Posting>> AddAsync(ClinicTx tx, PatientId patient, NewPosting ask, CancellationToken ct)
    {
        if (Judge(ask) is { } wrong) return wrong;
        var id = Guid.CreateVersion7();
        if (await tx.OpenPatientAsync(patient, new(PostingNames.EventOf(ask.Kind), "posting", id, Purpose.Payment), ct) is not { } key) return Refusals.NoSuchPatient;
        if (ask.VisitId is { } visit && !await tx.QueryOneOrNoneAsync<bool>("select exists (select from appointment where id = @visit and patient_id = @patient)", new { visit, patient }, ct))
            return Refusals.UnknownVisit.On("visitId", Refusals.UnknownVisit.Title);
        var number = await TakeNumberAsync(tx, ct);
        var before = (await tx.QueryAsync<AccountSums>(SelectSums, new { patient }, ct)).Single();
        if (MostOf(ask.Kind, before) is { } most && ask.Cents > most)
            return Refusals.TooMuch.With("mostCents", Math.Max(0, most)).On("cents", ask.Kind == PostingKind.Refund ? "No more can be given back than was paid." : "No more can be written off than is owed.");
        await tx.ExecuteAsync(Insert, Row(tx, key, (id, number), ask), ct);
        return (await tx.QueryAsync<PostingRow>(PostingRow.One, new { id }, ct)).Single().Open(key);
    }

    /// <summary>The next number; nobody else of the clinic gets one until the transaction ends.</summary>
    public static Task<long> TakeNumberAsync(ClinicTx tx, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<long>("update counter set next = next + 1 where name = 'posting' returning next - 1", null, ct);

    /// <summary>Nothing is left of words that say nothing.</summary>
    public static (byte[]? Content, int? KeyVersion) Seal(PatientKey key, Guid id, PostingWords words) =>
        words is { What: null, Reference: null, Reason: null } ? (null, null) : (key.Seal(words, PostingWords.CellOf(id)), key.Version);

    public static string? Bare(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();

    /// <summary>What is wrong with it, apart from the database.</summary>
    internal static Refusal? Judge(NewPosting ask)
    {
        if (ask.Kind == PostingKind.Reversal) throw new ArgumentException("A reversal is made from what it reverses.", nameof(ask));
        if (ask.Cents is < 1 or > Money.Most) return Refusals.Invalid.On("cents", "Give an amount above zero, in cents, of at most 1,000,000,000.");
        if ((ask.Kind is PostingKind.Payment or PostingKind.Refund) != (ask.Method is not null)) return Refusals.Invalid.On("method", "Say how the money came or went.");
        if (ask.Kind == PostingKind.Charge && Bare(ask.What) is null && ask.VisitId is null) return Refusals.Invalid.On("what", "Say what it is for.");
        if (ask.Kind is PostingKind.Adjustment or PostingKind.Refund && Bare(ask.Reason) is null) return Refusals.Invalid.On("reason", "Say why.");
        foreach (var (field, words) in new[] { ("what", ask.What), ("reference", ask.Reference), ("reason", ask.Reason) })
            if (words?.Trim().Length > LongestWords) return Refusals.Invalid.On(field, $"Write at most {LongestWords} characters.");
        return null;
    }

    /// <summary>No more is given back than was paid, no more written off than is owed.</summary>
    private static long? MostOf(PostingKind kind, AccountSums before) => kind switch
    {
        PostingKind.Refund => before.PaidIn,
        PostingKind.Adjustment => before.Owed,
        _ => null,
    };

    private static object Row(ClinicTx tx, PatientKey key, (Guid Id, long Number) posting, NewPosting ask)
    {
        var (content, keyVersion) = Seal(key, posting.Id, new(Bare(ask.What), Bare(ask.Reference), Bare(ask.Reason)));
        var owed = ask.Kind is PostingKind.Charge or PostingKind.Refund ? ask.Cents : -ask.Cents;
        return new
        {
            posting.Id, posting.Number, patient = key.Patient, ask.Kind, ask.Method, visit = ask.VisitId, content, keyVersion, tx.Now, me = tx.Actor.Person, owed,
            against = ask.Kind switch { PostingKind.Charge => "income", PostingKind.Adjustment => "write_off", _ => ask.Method!.Value.ToString().ToLowerInvariant() },   // judged
        };
    }

    private sealed record AccountSums(long Owed, long PaidIn);

    private const string SelectSums = """
        select coalesce(sum(line.cents), 0)::bigint as owed,
            coalesce(-sum(line.cents) filter (where coalesce(posting.reverses_kind, posting.kind) in ('payment', 'refund')), 0)::bigint as paid_in
        from posting_line as line
        join posting on posting.id = line.posting_id
        where line.account = 'receivable' and line.patient_id = @patient
        """;

    private const string Insert = """
        with posted as (
            insert into posting (id, number, patient_id, kind, method, currency, appointment_id, content, key_version, posted_at, posted_on, posted_by)
            select @id, @number, @patient, @kind, @method, ledger_rules.currency, @visit, @content, @keyVersion, @now,
                (@now::timestamptz at time zone (select clinic.time_zone from platform.clinic))::date, @me
            from ledger_rules
            returning id, number, patient_id)
        insert into posting_line (posting_id, account, patient_id, number, cents)
        select id, 'receivable', patient_id, number, @owed
        from posted
        union all
        select id, @against, null, null, -@owed::bigint
        from posted
        """;
}
