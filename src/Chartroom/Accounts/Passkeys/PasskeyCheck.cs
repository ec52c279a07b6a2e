using System.Text.Json;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chartroom.Accounts;

/// <summary>
/// WebAuthn by ASP.NET Core Identity's own code, without its stores and sign-in: it makes challenges and checks answers; sessions, tries and audit stay ours.
/// A challenge stands in the row of the session that asked, is good for five minutes and once. The device must have looked at its person (PIN, finger, face).
/// </summary>
internal sealed class PasskeyCheck
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);
    private readonly IOptions<IdentityPasskeyOptions> options;

    public PasskeyCheck(PlatformOptions platform)
    {
        var site = new Uri(platform.PublicUrl);
        options = Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = site.Host,
            AuthenticatorTimeout = GoodFor,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "preferred",
            AttestationConveyancePreference = "none",
            ValidateOrigin = it => ValueTask.FromResult(!it.CrossOrigin && IsOurs(it.Origin, site)),
        });
    }

    /// <summary>What the browser has to be told to make a key: JSON for <c>parseCreationOptionsFromJSON</c>.</summary>
    internal async Task<string> OfferAsync(PlatformTx tx, SignedIn who, HttpContext context, CancellationToken ct)
    {
        var owner = OwnerOf(who);
        using var people = PeopleOf(tx, owner);
        var made = await Handler(people).MakeCreationOptionsAsync(new() { Id = who.PersonId.Value.ToString(), Name = who.Email, DisplayName = who.PersonName }, context);
        await KeepAsync(tx, who, made.AttestationState, ct);
        return made.CreationOptionsJson;
    }

    /// <summary>The key that the browser made, or null when the answer is not to be trusted.</summary>
    internal async Task<UserPasskeyInfo?> RegisteredAsync(PlatformTx tx, SignedIn who, string credential, HttpContext context, CancellationToken ct)
    {
        if (!IsJson(credential) || await TakeAsync(tx, who, ct) is not { } state) return null;
        using var people = PeopleOf(tx, OwnerOf(who));
        var result = await Handler(people).PerformAttestationAsync(new() { HttpContext = context, CredentialJson = credential, AttestationState = state });
        return result is { Succeeded: true, Passkey: { IsUserVerified: true } made } && result.UserEntity?.Id == who.PersonId.Value.ToString() ? made : null;
    }

    /// <summary>What the browser has to be told to use one: JSON for <c>parseRequestOptionsFromJSON</c>; null when the person has none.</summary>
    internal async Task<string?> AskAsync(PlatformTx tx, SignedIn who, HttpContext context, CancellationToken ct)
    {
        var owner = OwnerOf(who);
        using var people = PeopleOf(tx, owner);
        if ((await people.GetPasskeysAsync(owner)).Count == 0) return null;
        var asked = await Handler(people).MakeRequestOptionsAsync(owner, context);
        await KeepAsync(tx, who, asked.AssertionState, ct);
        return asked.RequestOptionsJson;
    }

    /// <summary>Whether the answer is by a key of the person, to the challenge of this session, for this site. The caller commits in every case: a challenge is used up by its first answer.</summary>
    internal async Task<bool> IsRightAsync(PlatformTx tx, SignedIn who, string credential, HttpContext context, CancellationToken ct)
    {
        if (await TakeAsync(tx, who, ct) is not { } state || !IsJson(credential)) return false;
        using var people = PeopleOf(tx, OwnerOf(who));
        var result = await Handler(people).PerformAssertionAsync(new() { HttpContext = context, CredentialJson = credential, AssertionState = state });
        if (!result.Succeeded || !result.Passkey.IsUserVerified || result.User.Id != who.PersonId) return false;
        return await tx.ExecuteAsync("""
            update platform.passkey
            set sign_count = @count, is_backed_up = @isBackedUp, last_used_at = @now
            where person_id = @person and credential_id = @credentialId and (sign_count < @count or @count = 0)
            """, new { person = who.PersonId, result.Passkey.CredentialId, count = (long)result.Passkey.SignCount, result.Passkey.IsBackedUp, now = tx.Now }, ct) == 1;
    }

    private PasskeyHandler<PasskeyOwner> Handler(UserManager<PasskeyOwner> people) => new(people, options);

    private static UserManager<PasskeyOwner> PeopleOf(PlatformTx tx, PasskeyOwner owner) =>
        new(new PasskeyStore(tx, owner), null!, null!, [], [], null!, new IdentityErrorDescriber(), null!, NullLogger<UserManager<PasskeyOwner>>.Instance);   // what is null belongs to passwords and claims

    private static PasskeyOwner OwnerOf(SignedIn who) => new(who.PersonId, who.Email, who.PersonName);

    // The port is not part of a passkey's site. Without TLS only a developer's own machine is a place for passkeys, as browsers have it too.
    private static bool IsOurs(string origin, Uri site) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Host == site.Host && (from.Scheme == Uri.UriSchemeHttps || (from.IsLoopback && site.IsLoopback));

    private static Task KeepAsync(PlatformTx tx, SignedIn who, string? state, CancellationToken ct) => tx.ExecuteUnauditedAsync(
        "update platform.session set passkey_challenge = @state, passkey_challenge_at = @now where id = @id", new { id = who.SessionId, state, now = tx.Now }, ct);

    private static async Task<string?> TakeAsync(PlatformTx tx, SignedIn who, CancellationToken ct)
    {
        var taken = await tx.QueryAsync<Challenge>("""
            select passkey_challenge, passkey_challenge_at
            from platform.session
            where id = @id and passkey_challenge is not null
            for update
            """, new { id = who.SessionId }, ct);
        await tx.ExecuteUnauditedAsync("update platform.session set passkey_challenge = null, passkey_challenge_at = null where id = @id", new { id = who.SessionId }, ct);
        return taken is [var one] && one.PasskeyChallengeAt > tx.Now - GoodFor ? one.PasskeyChallenge : null;
    }

    /// <summary>Text that is no JSON object never reaches the framework's reader.</summary>
    private static bool IsJson(string text)
    {
        if (text.Length is 0 or > 20_000) return false;
        try
        {
            using var parsed = JsonDocument.Parse(text, new() { MaxDepth = 16 });
            return parsed.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Challenge
    {
        public required string PasskeyChallenge { get; init; }
        public DateTimeOffset PasskeyChallengeAt { get; init; }
    }
}
