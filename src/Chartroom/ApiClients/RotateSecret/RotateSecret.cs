using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.ApiClients;

/// <summary>Gives a program a new secret.</summary>
/// <param name="OverlapHours">How long the one before is good too, 0 to 168; 24 when not given.</param>
public sealed record RotateSecret(int? OverlapHours);

/// <summary>The newest secret gets an end, and a newer one is made. What was in its overlap already ends at once, so there are never more than two.
/// Refuses <c>api-clients.no-such-client</c>, <c>invalid</c>.</summary>
internal sealed class RotateSecretHandler(PlatformDb platform)
{
    private const int Usual = 24, Longest = 168;

    public async Task<Outcome<GivenSecret>> HandleAsync(Guid client, RotateSecret ask, Actor actor, CancellationToken ct)
    {
        var hours = ask.OverlapHours ?? Usual;
        if (hours is < 0 or > Longest) return Refusals.Invalid.On("overlapHours", "0 to 168 hours.");
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var found = await tx.QueryAsync<Guid>(Lock, new { client, actor.Clinic, now = tx.Now }, ct);
        if (found.Count == 0) return Refusals.NoSuchClient;
        var (secret, ends) = (ApiScopes.SecretPrefix + SecretToken.New(), tx.Now.AddHours(hours));
        await tx.ExecuteAsync("update platform.api_client_secret set ends_at = greatest(@now, created_at) where client_id = @client and ends_at > @now", new { client, now = tx.Now }, ct);
        await tx.ExecuteAsync("update platform.api_client_secret set ends_at = @ends where client_id = @client and ends_at is null", new { client, ends }, ct);
        await tx.ExecuteAsync(InsertSecret, new { id = Guid.CreateVersion7(), client, hash = SecretToken.HashOf(secret), now = tx.Now }, ct);
        tx.Audit(new Access("api_client.secret-rotated", "api_client", client), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return new GivenSecret(client, secret, ends);
    }

    /// <summary>Two who rotate at once wait for each other.</summary>
    private const string Lock = """
        select id
        from platform.api_client
        where id = @client and clinic_id = @clinic and revoked_at is null and expires_at > @now
        for no key update
        """;

    internal const string InsertSecret = """
        insert into platform.api_client_secret (id, client_id, hash, created_at)
        values (@id, @client, @hash, @now)
        """;
}
