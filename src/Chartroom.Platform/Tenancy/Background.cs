namespace Chartroom.Platform.Tenancy;

/// <summary>
/// Steps of work in the background. One that fails, in whatever way, is told by the name of what was thrown and keeps no other waiting: a worker that ended would end the whole
/// program.
/// </summary>
public static class Background
{
    /// <summary>False when it failed, which <paramref name="failed"/> was then told. Only the end of the program ends this too.</summary>
    public static async Task<bool> TryAsync(Func<Task> step, Action<string> failed, CancellationToken ct)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            failed(error.GetType().Name);
            return false;
        }
    }

    /// <summary>The same at every clinic, one after another. <paramref name="failed"/> hears which it was, the empty id when the clinics themselves could not be read.</summary>
    public static Task ForEachClinicAsync(this Migrator migrator, Func<ClinicId, Task> step, Action<Guid, string> failed, CancellationToken ct) => TryAsync(async () =>
    {
        foreach (var clinic in await migrator.ClinicsAsync(ct)) await TryAsync(() => step(clinic), kind => failed(clinic.Value, kind), ct);
    }, kind => failed(Guid.Empty, kind), ct);
}
