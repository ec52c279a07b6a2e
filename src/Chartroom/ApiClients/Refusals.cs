namespace Chartroom.ApiClients;

/// <summary>What API clients and their tokens say no to.</summary>
internal static class Refusals
{
    public static readonly Refusal Invalid = new("api-clients.invalid", 422, "Give the program a name, at least one scope, and how long it is let in.");
    public static readonly Refusal NoSuchClient = new("api-clients.no-such-client", 404, "There is no such program in this clinic, or it was shut out.");
    public static readonly Refusal TooMany = new("api-clients.too-many", 409, "A clinic has at most 50 programs at once. Shut out one that is not used.");
    /// <summary>RFC 6749, 5.2. One answer for an unknown client, a wrong secret, and one that has ended.</summary>
    public static readonly Refusal InvalidClient = new Refusal("api-clients.invalid-client", 401, "Client id and secret do not open anything.").With("error", "invalid_client");
    public static readonly Refusal InvalidScope = new Refusal("api-clients.invalid-scope", 400, "The client may not ask for these scopes.").With("error", "invalid_scope");
    public static readonly Refusal UnsupportedGrant = new Refusal("api-clients.unsupported-grant", 400, "Only grant_type=client_credentials is given tokens here.").With("error", "unsupported_grant_type");
}
