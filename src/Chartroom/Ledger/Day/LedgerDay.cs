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

    public static readonly string[] Head = ["Number", "Time", "Patient", "What", "Amount", "Said with it", "By"];

    /// <summary>A posting as screen and file show it, in the same rows and columns; the screen writes the amount with the currency's sign, the file as a number.</summary>
    public IReadOnlyList<string?> Cells(DayPosting row) =>
    [
        row.Posting.Number.ToString(CultureInfo.InvariantCulture), LedgerWords.Clock(row.Posting.PostedAt, TimeZone), row.PatientName, LedgerWords.Title(row.Posting),
        Money.Field(row.Posting.Cents), LedgerWords.Said(row.Posting), row.Posting.PostedBy,
    ];
}

/// <summary>Reads a day's books and checks the whole ledger.</summary>
internal sealed class LedgerDayHandler(TenantDb db)
{
    public const string Read = "ledger.read", Taken = "ledger.taken-out", Checked = "ledger.checked";
    private const int Most = 3000;

    /// <summary>A day; absent: today at the clinic. Refuses <c>ledger.no-such-day</c>, <c>ledger.day-too-full</c>.</summary>
    /// <param name="action">The event: read, or taken out.</param>
    public async Task<Outcome<LedgerDay>> HandleAsync(DateOnly? day, string action, Actor actor, CancellationToken ct)
    {
        if (day is { Year: < 2000 or > 2100 }) return Refusals.NoSuchDay;
        var access = new Access(action, "posting", Purpose: Purpose.Payment);
        await using var tx = await db.BeginAsync(actor, Permission.AdjustAccounts, ct);
        var books = (await tx.QueryAsync<BooksRow>(SelectBooks, null, ct)).Single();
        var shown = day ?? ClinicTime.TodayAt(tx.Now, books.TimeZone);
        var takings = tx.Ask<Takings>(SelectTakings, new { day = shown });
        var trial = tx.Ask<AccountSum>(SelectTrial, null);
        var checks = tx.Ask<LedgerCheck>(SelectChecks, null);
        var rows = await tx.QueryAsync<PostingRow>(PostingRow.OfDay, new { day = shown, most = Most + 1 }, ct);
        if (rows.Count > Most) return Refusals.DayTooFull;
        var patients = rows.Select(row => row.PatientId).Distinct().ToList();
        var names = await PatientRegister.NamesOnRecordAsync(tx, patients, access, ct);
        var keys = patients.Count == 0 ? null : await tx.OpenPatientsAsync(patients, access, ct);
        var postings = rows.Select(row => new DayPosting(row.Open(keys?.GetValueOrDefault(row.PatientId)), names.GetValueOrDefault(row.PatientId)?.Name ?? "Deleted patient")).ToList();
        var answer = new LedgerDay(shown, books.Currency, await takings.ReadAsync(ct), await trial.ReadAsync(ct), await checks.ReadAsync(ct)) { Rows = postings, TimeZone = books.TimeZone };
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

    private const string SelectTrial = """
        select account, sum(cents) as cents
        from posting_line
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
        insert into ledger_check (checked_on, checked_at, postings, faults, missing, total_cents)
        select @day, @now, (select count(*) from posting), (select count(*) from posting_fault),
            (select next - 1 from counter where name = 'posting') - (select count(*) from posting), (select coalesce(sum(cents), 0) from posting_line)
        where not exists (select from ledger_check where checked_on = @day)
        on conflict on constraint ledger_check_pkey do nothing
        """;
}
