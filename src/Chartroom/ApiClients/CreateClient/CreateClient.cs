using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.ApiClients;

/// <summary>Lets a program in.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Scopes">What it may; see <see cref="ApiScopes"/>.</param>
/// <param name="Days">How long, 1 to 365.</param>
/// <param name="PerMinute">Requests a minute, 1 to 6,000; 600 when not given.</param>
public sealed record CreateClient(string? Name, IReadOnlyList<string>? Scopes, int? Days, int? PerMinute);

/// <summary>A secret as it is shown, once.</summary>
/// <param name="ClientId">Goes with it.</param>
/// <param name="OldEndsAt">Until when the one before is good too; null when there was none.</param>
public sealed record GivenSecret(Guid ClientId, string ClientSecret, DateTimeOffset? OldEndsAt);

/// <summary>Makes the client with its first secret. Refuses <c>api-clients.invalid</c>, <c>too-many</c>.</summary>
internal sealed class CreateClientHandler(PlatformDb platform)
{
    private const int Usual = 600;

    public async Task<Outcome<GivenSecret>> HandleAsync(CreateClient ask, Actor actor, CancellationToken ct)
    {
        if (RefusalOf(ask) is { } refusal) return refusal;
        string[] scopes = [.. (ask.Scopes ?? []).Distinct()];
        var (client, secret) = (Guid.CreateVersion7(), ApiScopes.SecretPrefix + SecretToken.New());
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var made = await tx.ExecuteAsync(InsertClient, new
        {
            client, actor.Clinic, name = ask.Name!.Trim(), role = ApiScopes.RoleFor(scopes), scopes, perMinute = ask.PerMinute ?? Usual, actor.Person,   // judged: there is a name
            now = tx.Now, until = tx.Now.AddDays(ask.Days!.Value),   // judged: there are days
        }, ct);
        if (made == 0) return Refusals.TooMany;
        await tx.ExecuteAsync(RotateSecretHandler.InsertSecret, new { id = Guid.CreateVersion7(), client, hash = SecretToken.HashOf(secret), now = tx.Now }, ct);
        tx.Audit(new Access("api_client.created", "api_client", client), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return new GivenSecret(client, secret, null);
    }

    private static Refusal? RefusalOf(CreateClient ask)
    {
        var refusal = Refusals.Invalid;
        if (ask.Name?.Trim() is not { Length: > 0 and <= 100 }) refusal = refusal.On("name", "Write 1 to 100 characters.");
        if (ask.Scopes is not { Count: > 0 } || ask.Scopes.Except(ApiScopes.Names).Any()) refusal = refusal.On("scopes", "Choose at least one of the list.");
        if (ask.Days is not (>= 1 and <= 365)) refusal = refusal.On("days", "1 to 365 days.");
        if (ask.PerMinute is not (null or (>= 1 and <= 6000))) refusal = refusal.On("perMinute", "1 to 6,000 requests a minute.");
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    private const string InsertClient = """
        insert into platform.api_client (id, clinic_id, name, role, scopes, per_minute, created_by, created_at, expires_at)
        select @client, @clinic, @name, @role, @scopes, @perMinute, @person, @now, @until
        where (select count(*) from platform.api_client where api_client.clinic_id = @clinic and api_client.revoked_at is null and api_client.expires_at > @now) < 50
        """;
}
