using System.Security.Cryptography;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary>What was loaded.</summary>
internal sealed record LoadedCodes(string Edition, int Codes, int Billable, string Sha256);

/// <summary>Puts an edition of ICD-10-CM in the place of the one before, all or nothing. Searches see the old one until it is done. Refuses <c>codes.not-an-order-file</c>.</summary>
internal sealed class LoadCodesHandler(PlatformDb platform)
{
    private const int AtOnce = 5000;

    public async Task<Outcome<LoadedCodes>> HandleAsync(byte[] file, string edition, CancellationToken ct)
    {
        var read = OrderFile.Read(file);
        if (!read.IsOk) return read.Refusal;
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        await tx.ExecuteAsync("delete from platform.icd10_code", null, ct);
        foreach (var some in read.Value.Chunk(AtOnce))
        {
            await tx.ExecuteAsync(Insert, new
            {
                codes = some.Select(line => line.Code).ToArray(), titles = some.Select(line => line.Title).ToArray(), flags = some.Select(line => line.IsBillable).ToArray(),
                words = some.Select(line => string.Join(' ', CodeQuery.WordsOf($"{line.Title} {line.Code}"))).ToArray(),
            }, ct);
        }
        await tx.ExecuteAsync(Note, new { edition, sha256, size = read.Value.Count, now = tx.Now }, ct);
        tx.Audit(new("codes.loaded", "code_set"), null);
        await tx.CommitAsync(ct);
        return new LoadedCodes(edition, read.Value.Count, read.Value.Count(line => line.IsBillable), sha256);
    }

    /// <summary>Takes it out again; for the bench, which makes codes up.</summary>
    public async Task UnloadAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        await tx.ExecuteAsync("delete from platform.icd10_code", null, ct);
        await tx.ExecuteAsync("delete from platform.code_set where name = 'icd-10-cm'", null, ct);
        tx.Audit(new("codes.unloaded", "code_set"), null);
        await tx.CommitAsync(ct);
    }

    private const string Insert = """
        insert into platform.icd10_code (code, title, is_billable, words)
        select line.code, line.title, line.is_billable, array_to_tsvector(string_to_array(line.words, ' '))
        from unnest(@codes, @titles, @flags, @words) as line (code, title, is_billable, words)
        """;

    private const string Note = """
        insert into platform.code_set (name, edition, sha256, size, loaded_at)
        values ('icd-10-cm', @edition, @sha256, @size, @now)
        on conflict on constraint code_set_pkey do update
        set edition = excluded.edition, sha256 = excluded.sha256, size = excluded.size, loaded_at = excluded.loaded_at
        """;
}
