using System.Net;
using Chartroom.Input;
using Xunit.Abstractions;

namespace Chartroom.Faults;

/// <summary>
/// Every operation that changes something, its line to the database cut after one of its statements, as when the program dies there. What was committed then is looked at by the
/// numbers of its transactions: a row that is new or changed bears the same as the event that tells of it. The suite cuts each operation at two places, one of them the last; CHARTROOM_KILLS=all: after each statement.
/// </summary>
public sealed class CutRequestsTests(ITestOutputHelper output)
{
    /// <summary>Bookkeeping that is no act of anybody: the log's own, answers kept for a repeated request, the post's progress, when a session was last seen, and counts of tries, which are
    /// committed before anybody looks at what was tried.</summary>
    private static readonly string[] NoAct = ["kept_answer", "outbox", "session", "request_count", "sign_in_guard", "sign_in_ceiling", "code_guard"];

    // Shared tables are those of other tests too, so they are looked at where this one runs alone.
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_KILLS") == "all";
    private readonly List<string> faults = [];
    private string everyRow = "";

    [Fact]
    public async Task AUD_1_Every_operation_cut_off_after_any_statement_leaves_no_change_without_its_row_and_no_row_without_its_change()
    {
        await using var beside = await TestClinic.OpenAsync();   // it says which database this test has
        await using var line = new CutLine(beside.Connection);
        await using var examples = await Examples.OpenAsync(isOnTheNet: false, $"--ConnectionStrings:Postgres={line.Connection}", "--RateLimits:Work=1000000");
        everyRow = string.Join(" union all ", (await examples.Clinic.RowsAsync<string>("""
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and (n.nspname = current_schema() or n.nspname = 'platform' and @IsWhole) and c.relname not like 'audit\_%'
            """, new { IsWhole })).Where(table => !NoAct.Contains(table.Split('.')[1])).Select(table => $"select '{table.Split('.')[1]}'::text, xmin::text::bigint from {table} where xmin::text::bigint >= @since"));
        var (cuts, whole) = (0, 0);
        var operations = examples.All.Concat(examples.Acts).Where(it => it.IsTaken).ToList();
        foreach (var example in operations)
        {
            line.CutAfter(int.MaxValue);
            var asked = await example.MakeAsync();
            line.CutAfter(int.MaxValue);
            var right = await AskAsync(examples, example, asked);
            var statements = line.Seen;
            if (right.Status is 0 or >= 400) faults.Add($"{example.Name}: the example itself answered {right.Status}");
            var dice = new Random(statements);
            foreach (var after in IsWhole ? Enumerable.Range(1, statements) : new[] { dice.Next(2, Math.Max(3, statements - 1)), Math.Max(1, statements - 1) }.Distinct())
            {
                asked = await example.MakeAsync();
                line.CutAfter(after);
                var cut = await AskAsync(examples, example, asked);
                if (!line.IsDown) whole++;
                else cuts++;
                await line.SettleAsync();
                line.CutAfter(int.MaxValue);
                await BackAsync(examples);
                var (changed, told) = await LeftAsync(examples, cut);
                var what = $"{example.Name} cut after {after} of {statements} (answered {cut.Status})";
                foreach (var table in changed.Where(it => told.All(row => row.Xid != it.Xid)).Select(it => it.Table).Distinct()) faults.Add($"{what}: {table} changed and no event says so");
                foreach (var row in told.Where(row => (IsWhole || !row.IsShared) && row.Trace == cut.Trace && right.Changing.Contains(row.Action)
                    && changed.All(it => it.Xid != row.Xid))) faults.Add($"{what}: {row.Action} is said and nothing changed");
                if (cut.Status is > 0 and < 400) faults.AddRange(right.Changing.Where(action => told.All(row => row.Trace != cut.Trace || row.Action != action)).Select(action =>
                    $"{what}: answered as done without {action}"));
            }
        }

        output.WriteLine($"{cuts} cuts of {operations.Count} operations, {whole} that had ended before: {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
        Assert.True(cuts >= 200, $"{cuts} cuts");
    }

    /// <summary>Status 0: no answer came.</summary>
    private async Task<Asking> AskAsync(Examples examples, Example example, Asked asked)
    {
        var since = await examples.Clinic.OneAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        var trace = $"{Guid.CreateVersion7():N}";
        var status = 0;
        try
        {
            status = (await examples.SendAsync(example, asked, trace: trace)).Status;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or Npgsql.NpgsqlException)
        {
            // nobody heard an answer
        }
        var asking = new Asking(since, trace, status, []);
        var (changed, told) = await LeftAsync(examples, asking);
        return asking with { Changing = [.. told.Where(row => row.Trace == trace && changed.Any(it => it.Xid == row.Xid)).Select(row => row.Action)] };
    }

    private async Task<(List<(string Table, long Xid)> Changed, List<(string Action, long Xid, string? Trace, bool IsShared)> Told)> LeftAsync(Examples examples, Asking asking) =>
        (await examples.Clinic.RowsAsync<(string, long)>(everyRow, new { since = asking.Since }),
            await examples.Clinic.RowsAsync<(string, long, string?, bool)>("""
                select action, xid, trace_id, false from audit_event where xid >= @since and outcome = 'done'
                union all select action, xid, trace_id, true from platform.audit_event where xid >= @since and outcome = 'done'
                """, new { since = asking.Since }));

    /// <summary>The program finds its connections broken, one after another, and makes new ones.</summary>
    private static async Task BackAsync(Examples examples)
    {
        using var client = examples.Clinic.As(ClinicRole.Admin);
        for (var tries = 0; tries < 40; tries++)
            if ((await client.GetAsync("/api/v1/clinic")).StatusCode == HttpStatusCode.OK && (await client.GetAsync("/api/v1/locations")).StatusCode == HttpStatusCode.OK) return;
        throw new InvalidOperationException("The program did not come back.");
    }

    /// <param name="Since">The first transaction that may be its own.</param>
    /// <param name="Changing">Of what it told, what came with a change.</param>
    private sealed record Asking(long Since, string Trace, int Status, IReadOnlyList<string> Changing);
}
