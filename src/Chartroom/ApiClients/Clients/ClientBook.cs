using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.ApiClients;

/// <summary>A program of the clinic, without its secrets.</summary>
public sealed record ApiClient
{
    /// <summary>Key, and the client_id.</summary>
    public Guid Id { get; init; }
    /// <summary>As administrators call it.</summary>
    public required string Name { get; init; }
    /// <summary>What it may.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
    /// <summary>Requests a minute.</summary>
    public int PerMinute { get; init; }
    /// <summary>Who let it in.</summary>
    public required string CreatedBy { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>It is good before.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
    /// <summary>When it was shut out.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
    /// <summary>Its last request, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    /// <summary>Until when a secret before the newest is good too; null when there is none.</summary>
    public DateTimeOffset? OldSecretEndsAt { get; init; }
}

/// <summary>Lists a clinic's programs and shuts them out.</summary>
internal sealed class ClientBook(PlatformDb platform)
{
    internal const string Listed = "api_client.listed";

    /// <summary>Those that are let in first, then by age; those that ended over 90 days ago are left out.</summary>
    public async Task<IReadOnlyList<ApiClient>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var rows = await tx.QueryAsync<Row>(Select, new { actor.Clinic, now = tx.Now, since = tx.Now.AddDays(-90) }, ct);
        tx.Audit(new Access(Listed, "api_client"), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return [.. rows.Select(row => row.ToClient())];
    }

    /// <summary>Shuts a program out: each of its tokens and secrets is looked up through this row, so the next request is refused on every node. Refuses <c>api-clients.no-such-client</c>.</summary>
    public async Task<Outcome<Done>> RevokeAsync(Guid client, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var gone = await tx.ExecuteAsync("update platform.api_client set revoked_at = @now where id = @client and clinic_id = @clinic and revoked_at is null", new { client, actor.Clinic, now = tx.Now }, ct);
        if (gone == 0) return Refusals.NoSuchClient;
        tx.Audit(new Access("api_client.revoked", "api_client", client), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public required string Name { get; init; }
        public string[] Scopes { get; init; } = [];
        public int PerMinute { get; init; }
        public required string CreatedBy { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public DateTimeOffset? OldSecretEndsAt { get; init; }

        public ApiClient ToClient() => new()
        {
            Id = Id, Name = Name, Scopes = Scopes, PerMinute = PerMinute, CreatedBy = CreatedBy, CreatedAt = CreatedAt, ExpiresAt = ExpiresAt, RevokedAt = RevokedAt,
            LastUsedAt = LastUsedAt, OldSecretEndsAt = OldSecretEndsAt,
        };
    }

    private const string Select = """
        select api_client.id, api_client.name, api_client.scopes, api_client.per_minute, person.name as created_by, api_client.created_at, api_client.expires_at,
            api_client.revoked_at, api_client.last_used_at,
            (select max(secret.ends_at) from platform.api_client_secret as secret where secret.client_id = api_client.id and secret.ends_at > @now) as old_secret_ends_at
        from platform.api_client
        join platform.person on person.id = api_client.created_by
        where api_client.clinic_id = @clinic and coalesce(api_client.revoked_at, api_client.expires_at) > @since
        order by (api_client.revoked_at is null and api_client.expires_at > @now) desc, api_client.created_at desc, api_client.id desc
        """;
}
