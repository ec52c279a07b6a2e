using System.Net.Http.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chartroom.AuditLog;

public sealed class WitnessDoorTests
{
    [Fact]
    public async Task AUD_3_Whoever_holds_no_key_of_the_log_makes_no_file_at_a_witness()
    {
        await using var log = await TamperedLog.MakeAsync(10);
        var clinic = log.Clinic;
        var directory = Directory.CreateTempSubdirectory();
        using var kept = new FileWitness(directory.FullName, clinic.The<AuditKeys>().Log.Verifier, clinic.Clock);
        await using var host = WitnessVerb.Build(kept, "http://127.0.0.1:0");
        await host.StartAsync();
        using var http = clinic.The<IHttpClientFactory>().CreateClient();
        var address = new Uri(host.Urls.Single() + "/");
        using var stranger = log.Stranger();
        var leaf = new WitnessedLeaf(0, Guid.CreateVersion7(), new byte[32]);
        var root = MerkleTree.Root([leaf.Hash]);
        var forged = new Checkpoint("anything", 1, root).SignedBy(stranger);
        var genuine = await clinic.OneAsync<string>($"select note from {clinic.Schema}.audit_checkpoint order by size limit 1");   // anybody may have seen it
        var leaves = await clinic.RowsAsync<WitnessedLeaf>($"select position, event_id, hash from {clinic.Schema}.audit_leaf order by position");

        Assert.Contains("\"size\":0", await http.GetStringAsync(new Uri(address, "state?origin=anything")), StringComparison.Ordinal);
        foreach (var addition in new[] { new HttpWitness.Addition("anything", [leaf], forged), new("anything", leaves, genuine), new("anything", [], "") })
        {
            using var answer = await http.PostAsJsonAsync(new Uri(address, "add"), addition);
            Assert.Equal(WitnessRefusal.Signature, (await answer.Content.ReadFromJsonAsync<WitnessAnswer>())!.Reason);
        }

        Assert.Equal("", await http.GetStringAsync(new Uri(address, "lines?origin=anything&size=5")));
        var remote = new HttpWitness(clinic.The<IHttpClientFactory>(), address, kept.Key);
        await Assert.ThrowsAsync<HttpRequestException>(() => remote.LinesAsync("anything", 5, default).ToListAsync().AsTask());   // lines that end before their head are no answer

        Assert.Equal(["witness.key"], Directory.GetFiles(directory.FullName).Select(Path.GetFileName));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task AUD_3_A_head_that_another_than_the_configured_witness_signed_is_not_kept()
    {
        await using var log = await TamperedLog.MakeAsync(0);
        var clinic = log.Clinic;
        var directory = Directory.CreateTempSubdirectory();
        using var kept = new FileWitness(directory.FullName, clinic.The<AuditKeys>().Log.Verifier, clinic.Clock);
        await using var host = WitnessVerb.Build(kept, "http://127.0.0.1:0");
        await host.StartAsync();
        using var other = new NoteSigner(kept.Key.Name, NoteKeyKind.Witness, new byte[32]);
        HttpWitness At(NoteVerifier key) => new(clinic.The<IHttpClientFactory>(), new(host.Urls.Single() + "/"), key);
        Sealer With(NoteVerifier key) => new(clinic.The<DatabaseLogins>(), clinic.The<AuditKeys>(), At(key), clinic.Clock, NullLogger<Sealer>.Instance);

        await log.WriteAsync(10);
        await log.SealAsync(With(other.Verifier));
        await log.SealAsync(With(other.Verifier));   // nor when it is found at the witness, as after a crash
        Assert.Equal(0, await clinic.OneAsync<long>($"select count(*) from {clinic.Schema}.audit_checkpoint"));

        await log.SealAsync(With(kept.Key));
        Assert.Equal([10L], await clinic.RowsAsync<long>($"select size from {clinic.Schema}.audit_checkpoint"));
        directory.Delete(recursive: true);
    }
}
