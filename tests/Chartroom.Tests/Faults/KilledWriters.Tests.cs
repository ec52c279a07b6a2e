using System.Collections.Concurrent;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Platform.Audit;

public sealed class KilledWritersTests
{
    private const int Kills = 200, Writers = 8;

    [Fact]
    public async Task AUD_1_Two_hundred_kills_amid_writing_leave_no_change_without_its_row_and_no_row_of_a_rollback()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (acknowledged, given, killed) = (new ConcurrentBag<PatientId>(), new ConcurrentBag<PatientId>(), 0);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var dice = new Random(writer);
            while (Volatile.Read(ref killed) < Kills)
            {
                var (id, end, wasKilled) = await WriteAsync(clinic, dice);
                if (end == "committed") acknowledged.Add(id);
                if (end == "given up") given.Add(id);
                if (wasKilled) Interlocked.Increment(ref killed);
            }
        })));

        var unaudited = await clinic.RowsAsync<Guid>($"select id from patient where 1 <> (select count(*) from audit_event where action = 'patient.created' and outcome = 'done' and patient_ids = array[patient.id])");
        var invented = await clinic.RowsAsync<Guid>("select patient_ids[1] from audit_event where action = 'patient.created' and outcome = 'done' and not exists (select from patient where patient.id = patient_ids[1])");
        var there = (await clinic.RowsAsync<PatientId>("select id from patient")).ToHashSet();
        Assert.Empty(unaudited);
        Assert.Empty(invented);
        Assert.DoesNotContain(acknowledged, id => !there.Contains(id));   // who was told "saved" is there
        Assert.DoesNotContain(given, there.Contains);
        Assert.True(acknowledged.Count > 20 && given.Count > 5, $"{acknowledged.Count} committed, {given.Count} given up beside {killed} kills");
    }

    /// <summary>Enters a patient; the connection may be killed at any instant from the first statement to the commit's answer, as a dying process would end it.</summary>
    private static async Task<(PatientId Id, string End, bool WasKilled)> WriteAsync(TestClinic clinic, Random dice)
    {
        var (id, kill) = (default(PatientId), Task.FromResult(false));
        try
        {
            await using var tx = await clinic.The<TenantDb>().BeginAsync(Actor.OfSystem(clinic.Id), Permission.EditPatients, default);
            if (dice.Next(3) > 0) kill = KillAsync(clinic, await tx.QueryOneOrNoneAsync<int>("select pg_backend_pid()", null, default), TimeSpan.FromMicroseconds(dice.Next(6000)));
            id = (await PatientRegister.CreateAsync(tx, new() { Names = [new() { Given = ["Jo"], Family = "Killed" }] }, "patient.created", default)).Value.Id;
            if (dice.Next(4) == 0) return (id, "given up", await kill);
            await tx.CommitAsync(default);
            return (id, "committed", await kill);
        }
        catch (Exception error) when (error is NpgsqlException or IOException)
        {
            return (id, "unknown", await kill);
        }
    }

    private static async Task<bool> KillAsync(TestClinic clinic, int process, TimeSpan after)
    {
        await Task.Delay(after);
        return await clinic.OneAsync<bool>("select pg_terminate_backend(@process)", new { process });
    }
}
