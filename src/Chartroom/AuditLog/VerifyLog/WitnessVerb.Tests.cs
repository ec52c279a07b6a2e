using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chartroom.AuditLog;

public sealed class WitnessVerbTests
{
    [Fact]
    public async Task AUD_3_A_witness_on_another_host_sees_the_log_grow_and_refuses_one_that_was_cut()
    {
        await using var log = await TamperedLog.MakeAsync(40);
        var clinic = log.Clinic;
        var directory = Directory.CreateTempSubdirectory();
        using var kept = new FileWitness(directory.FullName, clinic.The<AuditKeys>().Log.Verifier, clinic.Clock);
        await using var host = WitnessVerb.Build(kept, "http://127.0.0.1:0");
        await host.StartAsync();
        var remote = new HttpWitness(clinic.The<IHttpClientFactory>(), new(host.Urls.Single() + "/"), NoteVerifier.Parse(kept.Key.Text));
        var sealer = new Sealer(clinic.The<DatabaseLogins>(), clinic.The<AuditKeys>(), remote, clinic.Clock, NullLogger<Sealer>.Instance);
        var which = new SealedLog(clinic.Id, clinic.The<AuditSettings>().LogName);

        await log.WriteAsync(10);
        await log.SealAsync(sealer);   // it begins late: shown the whole log
        Assert.Equal(50, (await remote.StateAsync(which.Origin, default)).Size);

        await TamperedLog.Classes["restore an old snapshot"](log);
        await log.WriteAsync(20);
        await log.SealAsync(sealer);
        Assert.Equal(50, (await remote.StateAsync(which.Origin, default)).Size);
        Assert.Equal([40L], await clinic.RowsAsync<long>($"select size from {clinic.Schema}.audit_checkpoint order by size"));
        directory.Delete(recursive: true);
    }
}
