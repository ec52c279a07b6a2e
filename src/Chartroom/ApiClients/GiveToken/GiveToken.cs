using System.Net.Http.Headers;
using System.Text;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.ApiClients;

/// <summary>An access token (RFC 6749, 5.1), in that document's own spelling.</summary>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Scope">What it opens, names with spaces between.</param>
public sealed record GivenToken(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] int ExpiresIn,
    [property: System.Text.Json.Serialization.JsonPropertyName("scope")] string Scope);

/// <summary>What a program asks with: its credentials, and the scopes it needs this time (null for all it has).</summary>
internal sealed record AskToken(string? Grant, Guid? Client, string? Secret, string? Scope);

/// <summary>
/// Client credentials become a token of 15 minutes. Only hashes are kept; the token falls with its secret and its client, both looked up at each request.
/// Refuses <c>api-clients.invalid-client</c>, <c>invalid-scope</c>, <c>unsupported-grant</c>.
/// </summary>
internal sealed class GiveTokenHandler(PlatformDb platform)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    public async Task<Outcome<GivenToken>> HandleAsync(AskToken ask, Origin origin, CancellationToken ct)
    {
        if (ask.Grant != "client_credentials") return Refusals.UnsupportedGrant;
        if (ask.Client is null || ask.Secret is not { Length: > 0 and <= 200 }) return Refusals.InvalidClient;
        await using var tx = await platform.BeginAsync(origin, ct);
        var found = await tx.QueryOneOrNoneAsync<Row>(Select, new { client = ask.Client, hash = SecretToken.HashOf(ask.Secret), now = tx.Now }, ct);
        if (found is null)
        {
            tx.Audit(new Access("api_client.refused", "api_client", ask.Client), null, outcome: "refused");
            await tx.CommitAsync(ct);
            return Refusals.InvalidClient;
        }
        string[] asked = string.IsNullOrWhiteSpace(ask.Scope) ? found.Scopes : [.. ask.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (asked.Except(found.Scopes).Any()) return Refusals.InvalidScope;
        var token = ApiScopes.TokenPrefix + SecretToken.New();
        await tx.ExecuteAsync(Insert, new { hash = SecretToken.HashOf(token), client = ask.Client, found.SecretId, asked, now = tx.Now, until = tx.Now + Lasts }, ct);
        tx.Audit(new Access("api_client.token-given", "api_client", ask.Client), new PersonId(ask.Client.Value), found.ClinicId);
        await tx.CommitAsync(ct);
        return new GivenToken(token, "Bearer", (int)Lasts.TotalSeconds, string.Join(' ', asked));
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/oauth/token", async (HttpContext context, GiveTokenHandler handler, Origin origin, CancellationToken ct) =>
        {
            if (!context.Request.HasFormContentType) return Boundary.Unreadable.With("error", "invalid_request").ToHttp();
            var form = await Bodies.ReadFormAsync(context.Request, ct);
            var (client, secret) = CredentialsOf(context.Request, form);
            var given = await handler.HandleAsync(new(form["grant_type"], client, secret, form["scope"]), origin, ct);
            if (!given.IsOk && given.Refusal.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Basic realm=\"Chartroom\"";
            return given.ToHttp(TypedResults.Ok);
        }).Public("A program shows its credentials here; it has no token before.").WithTags("API clients").Produces<GivenToken>()
        .WithSummary("Client credentials become an access token (RFC 6749, 4.4): a form with grant_type, client_id, client_secret and scope, or HTTP Basic");

    /// <summary>HTTP Basic, else the form (RFC 6749, 2.3.1).</summary>
    private static (Guid? Client, string? Secret) CredentialsOf(HttpRequest request, IFormCollection form)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header is { Scheme: "Basic", Parameter: { } encoded })
        {
            var bytes = new byte[encoded.Length];
            var parts = Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : [];
            return parts is [var id, var password] ? (IdOf(id), password) : (null, null);
        }
        return (IdOf(form["client_id"]), form["client_secret"]);
    }

    private static Guid? IdOf(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : null;

    private sealed record Row
    {
        public Guid SecretId { get; init; }
        public ClinicId ClinicId { get; init; }
        public string[] Scopes { get; init; } = [];
    }

    private const string Select = """
        select secret.id as secret_id, api_client.clinic_id, api_client.scopes
        from platform.api_client_secret as secret
        join platform.api_client on api_client.id = secret.client_id and api_client.revoked_at is null and api_client.expires_at > @now
        join platform.clinic on clinic.id = api_client.clinic_id and clinic.state = 'active'
        where secret.hash = @hash and secret.client_id = @client and (secret.ends_at is null or secret.ends_at > @now)
        """;

    private const string Insert = """
        insert into platform.api_token (hash, client_id, secret_id, scopes, created_at, expires_at)
        values (@hash, @client, @secretId, @asked, @now, @until)
        """;
}
