using System.Security.Cryptography;
using Npgsql;

namespace Chartroom.Bench;

/// <summary>People at work while the keys are rotated: each reads a patient's chart, adds to it or enters a patient, again and again, on one of several nodes.</summary>
internal sealed class RotateDesks(IReadOnlyList<RotateClinic> nodes, List<PatientId> patients)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);   // between two acts of one desk
    private long reads, writes, failures;

    /// <summary>Charts read whole, acts that wrote, and acts that failed for whatever reason.</summary>
    public (long Reads, long Writes, long Failures) Acts => (Interlocked.Read(ref reads), Interlocked.Read(ref writes), Interlocked.Read(ref failures));

    /// <summary>What the first failure was, for the report.</summary>
    public string? FirstFailure { get; private set; }

    /// <summary>At work until it is over.</summary>
    public Task WorkAsync(int desks, CancellationToken over) => Task.WhenAll(Enumerable.Range(0, desks).Select(desk => Task.Run(() => WorkAsync(nodes[desk % nodes.Count], new Random(desk), over), CancellationToken.None)));

    private async Task WorkAsync(RotateClinic node, Random dice, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await ActAsync(node, dice);
            }
            catch (Exception error) when (error is NpgsqlException or CryptographicException or InvalidOperationException)
            {
                Interlocked.Increment(ref failures);
                FirstFailure ??= error.ToString();
            }
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Not broken off when it is over: the last act is finished like the others.</summary>
    private async Task ActAsync(RotateClinic node, Random dice)
    {
        var patient = patients[dice.Next(patients.Count)];
        switch (dice.Next(20))
        {
            case 0: await node.EnterAsync(2, CancellationToken.None); break;
            case < 8: await node.WriteAsync(patient, CancellationToken.None); break;
            default:
                await node.ReadAsync([patient], CancellationToken.None);
                Interlocked.Increment(ref reads);
                return;
        }
        Interlocked.Increment(ref writes);
    }
}
