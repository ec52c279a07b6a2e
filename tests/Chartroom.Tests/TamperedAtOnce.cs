using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Transparency;

namespace Chartroom;

/// <summary>
/// One log with all twelve classes of tampering in it at once, as many changes as wanted: the classes on rows each on its own share of the positions, those on the
/// log's end afterwards. What <see cref="TamperedLog"/> does one at a time on a small log.
/// </summary>
internal sealed class TamperedAtOnce(TamperedLog log, long size, int changes)
{
    private const int Heads = 24, RowClasses = 5, SlippedIn = 2, TailClasses = 3;
    private readonly int each = (changes / (RowClasses + SlippedIn + TailClasses)) + 1;

    /// <summary>Rows that were changed, dropped, moved or slipped in.</summary>
    public HashSet<Guid> Rows { get; } = [];

    /// <summary>Heads that were dropped or signed by another key.</summary>
    public HashSet<long> Sizes { get; } = [];

    /// <summary>A log of so many rows in two dozen witnessed heads, and its tamperer.</summary>
    public static async Task<TamperedAtOnce> MakeAsync(int rows, int changes, bool isRemote)
    {
        var log = await TamperedLog.MakeAsync(0, isRemote);
        for (var head = 0; head < Heads; head++)
        {
            await log.WriteAsync((rows / Heads) + (head < rows % Heads ? 1 : 0), atOnce: 500);
            await log.SealAsync();
            log.Clinic.Clock.Advance(TimeSpan.FromSeconds(30));
        }
        return new(log, rows, changes);
    }

    public TamperedLog Log => log;

    /// <summary>Edit, delete, insert, reorder, rewrite, clock back, move from another clinic, drop a head, sign with another key.</summary>
    public async Task OnRowsAndHeadsAsync()
    {
        var spread = await log.Clinic.RowsAsync<Guid>($"""
            select event_id from {log.Clinic.Schema}.audit_leaf
            where position = any(select share * @step from generate_series(1, @count) as share) order by position
            """, new { step = (size - (TailClasses * each)) / ((RowClasses * each) + 1), count = RowClasses * each });
        var share = spread.Select((id, number) => (id, number)).ToLookup(it => it.number % RowClasses, it => it.id);
        Guid[] Share(int which) => Named([.. share[which]]);
        await log.RunAsync("update {0}.audit_event set action = 'patient.corrected', tag = null where id = any(@rows)", new { rows = Share(0) });
        await log.RunAsync("delete from {0}.audit_event where id = any(@rows)", new { rows = Share(1) });
        await log.RunAsync("""
            insert into {0}.audit_event (id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, tag)
            select made.id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, tag
            from unnest(@rows) as made (id), (select * from {0}.audit_event limit 1) as model
            """, new { rows = Named([.. Enumerable.Range(0, each).Select(_ => Guid.CreateVersion7())]) });
        await ReorderAsync(Share(2));
        await RewriteAsync("action = 'patient.corrected'", Share(3));
        await RewriteAsync("at = at - interval '8 hours'", Share(4));
        Named([.. await log.BringFromAnotherClinicAsync(each)]);
        await HeadsAsync();
    }

    /// <summary>An old snapshot is restored, the log goes on from there with other rows that the program itself seals, and of those the end is cut off.</summary>
    public async Task OnTheEndAsync()
    {
        var kept = size - (TailClasses * each);
        Named([.. await log.Clinic.RowsAsync<Guid>($"select event_id from {log.Clinic.Schema}.audit_leaf where position >= @kept", new { kept })]);
        await log.CutAsync(kept);
        await log.WriteAsync(each * 2, atOnce: 500);
        await log.SealAsync();
        await log.RunAsync("""
            delete from {0}.audit_event where id in (select event_id from {0}.audit_leaf where position >= @from);
            delete from {0}.audit_leaf where position >= @from
            """, new { from = kept + each });
    }

    private Guid[] Named(Guid[] rows)
    {
        Rows.UnionWith(rows);
        return rows;
    }

    private async Task ReorderAsync(Guid[] rows)
    {
        if (rows.Length % 2 == 1) Rows.Remove(rows[^1]);   // nobody to change places with
        rows = rows[..(rows.Length / 2 * 2)];
        var places = await log.Clinic.RowsAsync<long>($"select position from unnest(@rows) with ordinality as row (id, number) join {log.Clinic.Schema}.audit_leaf on event_id = row.id order by number", new { rows });
        var swapped = places.Select((_, number) => places[number ^ 1]).ToArray();
        await log.RunAsync("""
            update {0}.audit_leaf set position = position + 100000000 where event_id = any(@rows);
            update {0}.audit_leaf set position = fresh.position from unnest(@rows, @swapped) as fresh (id, position) where event_id = fresh.id
            """, new { rows, swapped });
    }

    private async Task RewriteAsync(string change, Guid[] rows)
    {
        await log.RunAsync($"update {{0}}.audit_event set {change} where id = any(@rows)", new { rows });
        await log.RunAsync("update {0}.audit_leaf set event_at = entry.at from {0}.audit_entry as entry where entry.id = audit_leaf.event_id and entry.id = any(@rows)", new { rows });
        await log.RehashAsync(rows);
    }

    private async Task HeadsAsync()
    {
        var sizes = await log.Clinic.RowsAsync<long>($"select size from {log.Clinic.Schema}.audit_checkpoint where size < @kept order by size", new { kept = size - (TailClasses * each) });
        await log.RunAsync("delete from {0}.audit_checkpoint where size = any(@dropped)", new { dropped = new[] { sizes[3], sizes[9] } });
        using var stranger = log.Stranger();
        foreach (var signed in new[] { sizes[5], sizes[11] })
            await log.RunAsync("update {0}.audit_checkpoint set note = @note where size = @signed", new { signed, note = new Checkpoint(log.Origin, signed, new byte[32]).SignedBy(stranger) });
        Sizes.UnionWith([sizes[3], sizes[9], sizes[5], sizes[11]]);
    }
}
