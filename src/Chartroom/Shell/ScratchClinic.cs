using Chartroom.Platform.Tenancy;

namespace Chartroom.Shell;

/// <summary>Clinics that benches make and take up again; nobody signs in to them.</summary>
internal static class ScratchClinic
{
    /// <summary>The clinic of that short name, made when it is missing.</summary>
    public static async Task<ClinicId> OpenAsync(IServiceProvider services, string slug, string name, CancellationToken ct)
    {
        var id = ClinicId.New();
        await using (var tx = await services.GetRequiredService<PlatformDb>().BeginAsync(Origin.Job("cli"), ct))
        {
            if (await tx.QueryOneOrNoneAsync<ClinicId?>("select id from platform.clinic where slug = @slug", new { slug }, ct) is { } known) id = known;
            else
            {
                await tx.ExecuteAsync("""
                    insert into platform.clinic (id, slug, name, time_zone, state)
                    values (@id, @slug, @name, 'America/Denver', 'provisioning')
                    """, new { id, slug, name }, ct);
                tx.Audit(new("clinic.created", "clinic", id.Value), null, id);
                await tx.CommitAsync(ct);
            }
        }
        await services.GetRequiredService<ClinicProvisioner>().ProvisionAsync(id, ct);
        return id;
    }
}
