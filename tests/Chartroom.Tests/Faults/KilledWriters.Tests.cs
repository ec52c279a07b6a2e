using System.Collections.Concurrent;
using Chartroom.Input;
using Chartroom.Patients;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Npgsql;
using Xunit.Abstractions;

namespace Chartroom.Faults;

/// <summary>Eight at work on acts of many kinds while the database ends their connections at any instant, as a dying process or server would.</summary>
public sealed class KilledWritersTests(ITestOutputHelper output)
{
    private const int Kills = 200, Writers = 8, OfEachKind = 30;

    /// <summary>Kinds of acts, each of which adds something that no later one touches: a patient, a booking, a task, a line of the chart, both ways of signing a note, an order, money, a rule of
    /// the clinic.</summary>
    private static readonly string[] Kinds =
    [
        "POST /api/v1/patients", "POST /api/v1/appointments", "POST /api/v1/tasks", "POST /api/v1/patients/{id}/entries", "POST /api/v1/drafts/{id}/signature",
            "POST /api/v1/visits/{id}/note/signature",
        "POST /api/v1/visits/{id}/orders", "POST /api/v1/patients/{id}/payments", "POST /api/v1/visit-types",
    ];

    /// <summary>Bookkeeping that tells of no act; see <see cref="CutRequestsTests"/>.</summary>
    private static readonly string[] NoAct = ["kept_answer", "outbox"];

    private int killed;

    [Fact]
    public async Task AUD_1_Two_hundred_kills_amid_writing_leave_no_change_without_its_row_and_no_row_of_a_rollback()
    {
        await using var examples = await Examples.OpenAsync(isOnTheNet: false, "--RateLimits:Work=1000000");
        var clinic = examples.Clinic;
        var (acts, changing) = (new ConcurrentQueue<(Example Kind, Asked Asked)>(), new Dictionary<string, HashSet<string>>());
        foreach (var kind in examples.All.Concat(examples.Acts).Where(it => Kinds.Contains(it.Name)))
        {
            changing[kind.Name] = await ChangingAsync(examples, kind);
            for (var one = 0; one < OfEachKind; one++) acts.Enqueue((kind, await kind.MakeAsync()));
        }
        Assert.Equal(Kinds.Order(), changing.Keys.Order());
        var since = await clinic.OneAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

        var (sent, given) = (new ConcurrentBag<(string Kind, string Trace, int Status)>(), new ConcurrentBag<PatientId>());
        var shuffled = acts.OrderBy(act => act.Asked.GetHashCode()).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, Writers), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (writer, _) =>
        {
            var dice = new Random(writer);
            foreach (var (kind, asked) in shuffled.Where((_, number) => number % Writers == writer)) sent.Add(await SendAsync(examples, kind, asked, dice));
            while (Volatile.Read(ref killed) < Kills) await GiveUpAsync(clinic, dice, given);
        });

        var rows = await RowsAsync(clinic, since);
        var told = await clinic.RowsAsync<(string Action, long Xid, string? Trace)>("select action, xid, trace_id from audit_event where xid >= @since and outcome = 'done'", new { since });
        var (changed, reported) = (rows.Select(it => it.Xid).ToHashSet(), told.Select(it => it.Xid).ToHashSet());
        var faults = rows.Where(it => !reported.Contains(it.Xid)).Select(it => $"{it.Table}: a change that no event tells of").ToList();
        foreach (var (kind, trace, status) in sent)
        {
            var its = told.Where(it => it.Trace == trace && changing[kind].Contains(it.Action)).ToList();
            if (status is >= 200 and < 300 && changing[kind].Any(action => its.All(it => it.Action != action))) faults.Add($"{kind}: answered {status} and its event is not there");
            faults.AddRange(its.Where(it => !changed.Contains(it.Xid)).Select(it => $"{kind}: {it.Action} is told of and nothing changed"));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
        var there = (await clinic.RowsAsync<PatientId>("select id from patient")).ToHashSet();
        Assert.DoesNotContain(given, there.Contains);
        Assert.Equal(0L, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'test.given-up' and outcome = 'done'"));

        var broken = sent.Where(it => it.Status is 0 or >= 500).ToLookup(it => it.Kind);
        output.WriteLine($"{killed} kills beside {sent.Count} acts of {Kinds.Length} kinds, {broken.Sum(it => it.Count())} of them broken off, and {given.Count} given up: {faults.Count} faults");
        Assert.True(Kinds.All(kind => broken.Contains(kind) && sent.Any(it => it.Kind == kind && it.Status is >= 200 and < 300)), string.Join('\n', sent.GroupBy(it => (it.Kind, it.Status))
            .Select(it => $"{it.Key}: {it.Count()}")));
        Assert.True(given.Count > 5, $"{given.Count} given up");
    }

    /// <summary>What an act of that kind tells of together with a change, when nobody disturbs it.</summary>
    private static async Task<HashSet<string>> ChangingAsync(Examples examples, Example kind)
    {
        var (asked, trace) = (await kind.MakeAsync(), $"{Guid.CreateVersion7():N}");
        var since = await examples.Clinic.OneAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
        var (status, text) = await examples.SendAsync(kind, asked, trace: trace);
        Assert.True(status is >= 200 and < 300, $"{kind.Name}: {status} {text}");
        var changed = (await RowsAsync(examples.Clinic, since)).Select(it => it.Xid).ToHashSet();
        var told = await examples.Clinic.RowsAsync<(string Action, long Xid)>("select action, xid from audit_event where trace_id = @trace and outcome = 'done'", new { trace });
        var changing = told.Where(it => changed.Contains(it.Xid)).Select(it => it.Action).ToHashSet();
        Assert.True(changing.Count > 0, kind.Name);
        return changing;
    }

    /// <summary>Every row of the clinic that a transaction since then made or changed.</summary>
    private static async Task<List<(string Table, long Xid)>> RowsAsync(TestClinic clinic, long since)
    {
        var tables = await clinic.RowsAsync<string>("select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname not like 'audit\\_%'");
        return await clinic.RowsAsync<(string, long)>(string.Join(" union all ", tables.Where(it => !NoAct.Contains(it)).Select(it =>
            $"select '{it}'::text, xmin::text::bigint from {it} where xmin::text::bigint >= @since")), new { since });
    }

    /// <summary>Asks for an act; mostly somebody's connection is ended meanwhile, which may be its own. Status 0: no answer came.</summary>
    private async Task<(string Kind, string Trace, int Status)> SendAsync(Examples examples, Example kind, Asked asked, Random dice)
    {
        var trace = $"{Guid.CreateVersion7():N}";
        var kill = dice.Next(10) < 8 ? KillAsync(examples.Clinic, TimeSpan.FromMicroseconds(dice.Next(25_000))) : Task.CompletedTask;
        var status = 0;
        try
        {
            status = (await examples.SendAsync(kind, asked, trace: trace)).Status;
        }
        catch (Exception error) when (error is HttpRequestException or NpgsqlException or IOException)
        {
            // nobody heard an answer
        }
        await kill;
        return (kind.Name, trace, status);
    }

    /// <summary>Enters a patient and gives it up, at times with its connection ended first.</summary>
    private async Task GiveUpAsync(TestClinic clinic, Random dice, ConcurrentBag<PatientId> given)
    {
        try
        {
            await using var tx = await clinic.The<TenantDb>().BeginAsync(Actor.OfSystem(clinic.Id), Permission.EditPatients, default);
            given.Add((await PatientRegister.CreateAsync(tx, new() { Names = [new() { Given = ["Jo"], Family = "Killed" }] }, "patient.created", default)).Value.Id);
            tx.Audit(new("test.given-up", "patient"));
            await tx.QueryAsync<int>("select 1", null, default);
            if (dice.Next(2) > 0) await KillAsync(clinic, TimeSpan.FromMicroseconds(dice.Next(2000)));
        }
        catch (Exception error) when (error is NpgsqlException or IOException)
        {
            // its connection was ended
        }
    }

    /// <summary>Ends one of the connections on which the program is amid writing for this clinic; those of other tests are left alone.</summary>
    private async Task KillAsync(TestClinic clinic, TimeSpan after)
    {
        await Task.Delay(after);
        var ended = await clinic.RowsAsync<bool>("""
            select pg_terminate_backend(pid)
            from (
                select pid from pg_stat_activity
                where datname = current_database() and usename = @login and xact_start is not null
                    and exists (select from pg_locks join pg_class on pg_class.oid = relation where pg_locks.pid = pg_stat_activity.pid and relnamespace = current_schema()::regnamespace and mode = 'RowExclusiveLock')
                order by random()
                limit 1
            ) as one
            """, new { login = DatabaseLogins.ApplicationLogin });
        Interlocked.Add(ref killed, ended.Count(it => it));
    }
}
