using System.Globalization;
using System.Text.Json.Serialization;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Ledger;

/// <summary>Money that came and went on a day by one means, reversals taken off.</summary>
/// <param name="Account">cash, check, card or other.</param>
/// <param name="InCents">Payments.</param>
/// <param name="OutCents">Refunds.</param>
/// <param name="Cents">What is in the till of it at the end.</param>
public sealed record Takings(string Account, long InCents, long OutCents, long Cents);

/// <summary>The sum of all lines of an account, of all days.</summary>
public sealed record AccountSum(string Account, decimal Cents);

/// <summary>What a check of the whole ledger found: faults, missing and the total are to be zero.</summary>
/// <param name="CheckedOn">Which day, UTC; null for a check made right now.</param>
/// <param name="Postings">How many there are.</param>
/// <param name="Faults">Not in balance, or not as their kind is to be.</param>
/// <param name="Missing">Numbers given out that no posting has.</param>
/// <param name="TotalCents">The sum of all lines.</param>
public sealed record LedgerCheck(DateOnly? CheckedOn, DateTimeOffset CheckedAt, long Postings, long Faults, long Missing, decimal TotalCents)
{
    /// <summary>True when the books are right.</summary>
    public bool IsRight => Faults == 0 && Missing == 0 && TotalCents == 0;
}

/// <summary>A posting of a day, with whose it is.</summary>
public sealed record DayPosting(Posting Posting, string PatientName);

/// <summary>A day's books.</summary>
public sealed record LedgerDay(DateOnly Day, string Currency, IReadOnlyList<Takings> Takings, IReadOnlyList<AccountSum> TrialBalance, IReadOnlyList<LedgerCheck> Checks)
{
    /// <summary>Newest first, without names: programs keep those themselves.</summary>
    public IEnumerable<Posting> Postings => Rows.Select(row => row.Posting);

    /// <summary>With names, for people.</summary>
    [JsonIgnore] public IReadOnlyList<DayPosting> Rows { get; init; } = [];
    [JsonIgnore] public string TimeZone { get; init; } = "UTC";
    /// <summary>Ask with this as <c>before</c> for the day's earlier postings; null at the end.</summary>
    [JsonIgnore] public long? Next { get; init; }

    public static readonly string[] Head = ["Number", "Time", "Patient", "What", "Amount", "Said with it", "By"];

    /// <summary>A posting as screen and file show it, in the same rows and columns; the screen writes the amount with the currency's sign, the file as a number.</summary>
    public IReadOnlyList<string?> Cells(DayPosting row) =>
    [
        row.Posting.Number.ToString(CultureInfo.InvariantCulture), LedgerWords.Clock(row.Posting.PostedAt, TimeZone), row.PatientName, LedgerWords.Title(row.Posting),
        Money.Field(row.Posting.Cents), LedgerWords.Said(row.Posting), row.Posting.PostedBy,
    ];
}

/// <summary>Which books.</summary>
/// <param name="Day">Absent: today at the clinic.</param>
/// <param name="Action">The event: read, or taken out.</param>
/// <param name="Before">Only postings with a lower number.</param>
/// <param name="Most">At most so many postings; absent: all of the day, or a refusal.</param>
internal sealed record LedgerDayAsk(DateOnly? Day, string Action, long? Before = null, int? Most = null);

/// <summary>Reads a day's books and checks the whole ledger.</summary>
internal sealed class LedgerDayHandler(TenantDb db)
{
    public const string Read = "ledger.read", Taken = "ledger.taken-out", Checked = "ledger.checked";
    private const int Most = 3000;

    /// <summary>Refuses <c>ledger.no-such-day</c>, <c>ledger.day-too-full</c>.</summary>
    public async Task<Outcome<LedgerDay>> HandleAsync(LedgerDayAsk ask, Actor actor, CancellationToken ct)
    {
        if (ask.Day is { Year: < 2000 or > 2100 }) return Refusals.NoSuchDay;
        var (access, most) = (new Access(ask.Action, "posting", Purpose: Purpose.Payment), ask.Most ?? Most);
        await using var tx = await db.BeginAsync(actor, Permission.AdjustAccounts, ct);
        var books = (await tx.QueryAsync<BooksRow>(SelectBooks, null, ct)).Single();
        var shown = ask.Day ?? ClinicTime.TodayAt(tx.Now, books.TimeZone);
        var takings = tx.Ask<Takings>(SelectTakings, new { day = shown });
        var trial = tx.Ask<AccountSum>(SelectTrial, null);
        var checks = tx.Ask<LedgerCheck>(SelectChecks, null);
        var rows = await tx.QueryAsync<PostingRow>(PostingRow.OfDay, new { day = shown, before = ask.Before ?? long.MaxValue, most = most + 1 }, ct);
        var isMore = rows.Count > most;
        if (isMore && ask.Most is null) return Refusals.DayTooFull;
        if (isMore) rows.RemoveAt(most);
        var patients = rows.Select(row => row.PatientId).Distinct().ToList();
        var names = await PatientRegister.NamesOnRecordAsync(tx, patients, access, ct);
        var keys = patients.Count == 0 ? null : await tx.OpenPatientsAsync(patients, access, ct);
        var postings = rows.Select(row => new DayPosting(row.Open(keys?.GetValueOrDefault(row.PatientId)), names.GetValueOrDefault(row.PatientId)?.Name ?? "Deleted patient")).ToList();
        var answer = new LedgerDay(shown, books.Currency, await takings.ReadAsync(ct), await trial.ReadAsync(ct), await checks.ReadAsync(ct)) 
        {
            Rows = postings, TimeZone = books.TimeZone, Next = isMore ? rows[^1].Number : null,
        };
        await tx.CommitAsync(ct);
        return answer;
    }

    /// <summary>Checks the whole ledger now.</summary>
    public async Task<LedgerCheck> CheckAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.AdjustAccounts, ct);
        var found = (await tx.QueryAsync<LedgerCheck>(SelectCheck, new { tx.Now }, ct)).Single();
        tx.Audit(new(Checked, "posting", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return found;
    }

    /// <summary>Once a day the whole ledger is checked, and what was found is kept for the administrators.</summary>
    public static ClinicChore Nightly { get; } = new(InsertCheck, (_, now) => new { now, day = DateOnly.FromDateTime(now.UtcDateTime) });

    /// <summary>The same now, in a transaction of the program's; nothing when today's is there.</summary>
    public static Task CheckNightlyAsync(ClinicTx tx, CancellationToken ct) => tx.ExecuteAsync(InsertCheck, Nightly.Arguments(tx.Actor.Clinic, tx.Now), ct);

    private sealed record BooksRow(string Currency, string TimeZone);

    private const string SelectBooks = """
        select ledger_rules.currency, (select clinic.time_zone from platform.clinic) as time_zone
        from ledger_rules
        """;

    private const string SelectTakings = """
        select line.account,
            coalesce(sum(line.cents) filter (where coalesce(posting.reverses_kind, posting.kind) = 'payment'), 0)::bigint as in_cents,
            coalesce(-sum(line.cents) filter (where coalesce(posting.reverses_kind, posting.kind) = 'refund'), 0)::bigint as out_cents,
            sum(line.cents)::bigint as cents
        from posting
        join posting_line as line on line.posting_id = posting.id
        where posting.posted_on = @day and line.account in ('cash', 'check', 'card', 'other')
        group by line.account
        order by array_position(array['cash', 'check', 'card', 'other'], line.account)
        """;

    /// <summary>What the latest check has added up, and what came since.</summary>
    private const string SelectTrial = """
        with kept as (
            select through, sums
            from ledger_check
            order by checked_on desc
            limit 1),
        added as (
            select sum.key as account, sum.value::numeric as cents
            from kept
            cross join jsonb_each_text(kept.sums) as sum
            union all
            select line.account, line.cents
            from posting
            join posting_line as line on line.posting_id = posting.id
            where posting.number > coalesce((select kept.through from kept), 0))
        select account, sum(cents) as cents
        from added
        group by account
        order by array_position(array['receivable', 'cash', 'check', 'card', 'other', 'income', 'write_off'], account)
        """;

    private const string SelectChecks = """
        select checked_on, checked_at, postings, faults, missing, total_cents
        from ledger_check
        order by checked_on desc
        limit 7
        """;

    private const string SelectCheck = """
        select null::date as checked_on, @now::timestamptz as checked_at, (select count(*) from posting) as postings, (select count(*) from posting_fault) as faults,
            (select next - 1 from counter where name = 'posting') - (select count(*) from posting) as missing,
            (select coalesce(sum(cents), 0) from posting_line) as total_cents
        """;

    private const string InsertCheck = """
        insert into ledger_check (checked_on, checked_at, postings, faults, missing, total_cents, through, sums)
        select @day, @now, (select count(*) from posting), (select count(*) from posting_fault),
            (select next - 1 from counter where name = 'posting') - (select count(*) from posting), (select coalesce(sum(cents), 0) from posting_line),
            (select coalesce(max(number), 0) from posting),
            coalesce((select jsonb_object_agg(account, cents) from (select account, sum(cents) as cents from posting_line group by account) as added), '{}')
        where not exists (select from ledger_check where checked_on = @day)
        on conflict on constraint ledger_check_pkey do nothing
        """;
}
