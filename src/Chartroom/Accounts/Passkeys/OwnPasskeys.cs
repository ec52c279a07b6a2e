using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Accounts;

/// <summary>A new passkey.</summary>
/// <param name="Name">What the person calls it, 1 to 60 characters.</param>
/// <param name="Credential">JSON of the browser's <c>PublicKeyCredential.toJSON()</c>.</param>
public sealed record AddPasskey(string Name, string Credential);

/// <summary>One of a person's passkeys.</summary>
public sealed record OwnPasskey
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>What the person calls it.</summary>
    public required string Name { get; init; }
    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was last used; null until then.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A person's own passkeys: listed, added, removed. The routes that change them ask for a fresh proof.</summary>
internal sealed class OwnPasskeysHandler(PlatformDb db, PasskeyCheck passkeys)
{
    private const int Most = 10;

    /// <summary>By age.</summary>
    public async Task<IReadOnlyList<OwnPasskey>> ListAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var found = await tx.QueryAsync<OwnPasskey>(Select, new { person = who.PersonId }, ct);
        tx.Audit(new Access("passkeys.listed", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return found;
    }

    /// <summary>Whether the page has a button for it.</summary>
    public async Task<bool> HasAnyAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return (await tx.QueryAsync<OwnPasskey>(Select, new { person = who.PersonId }, ct)).Count > 0;
    }

    /// <summary>What the browser has to be told to make one.</summary>
    public async Task<JsonElement> OfferAsync(SignedIn who, HttpContext context, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var options = await passkeys.OfferAsync(tx, who, context, ct);
        await tx.CommitAsync(ct);
        return JsonSerializer.Deserialize<JsonElement>(options);
    }

    /// <summary>Refuses <c>accounts.incomplete</c>, <c>accounts.wrong-passkey</c> and <c>accounts.too-many-passkeys</c>. The person is told by mail.</summary>
    public async Task<Outcome<Guid>> AddAsync(AddPasskey ask, SignedIn who, HttpContext context, Origin origin, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 60) return Refusals.Incomplete.On("name", "Give it a name of at most 60 characters.");
        await using var tx = await db.BeginAsync(origin, ct);
        var made = await passkeys.RegisteredAsync(tx, who, ask.Credential, context, ct);
        var refusal = made is null ? Refusals.WrongPasskey : (await tx.QueryAsync<OwnPasskey>(Select, new { person = who.PersonId }, ct)).Count >= Most ? Refusals.TooManyPasskeys : null;
        if (made is null || refusal is not null)
        {
            tx.Audit(new Access("passkey.refused", "person", who.PersonId.Value), who.PersonId, who.ClinicId, outcome: "refused");
            await tx.CommitAsync(ct);   // the challenge stays used up
            return refusal ?? Refusals.WrongPasskey;
        }
        var id = Guid.CreateVersion7();
        await tx.ExecuteAsync(Insert, new
        {
            id, person = who.PersonId, made.CredentialId, made.PublicKey, count = (long)made.SignCount, transports = made.Transports ?? [], made.IsBackupEligible, made.IsBackedUp, ask.Name, now = tx.Now,
        }, ct);
        tx.Enqueue(Mails.PasskeyAdded(who.Email));
        tx.Audit(new Access("passkey.added", "passkey", id), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses <c>accounts.no-such-passkey</c>, the same for somebody else's. The person is told by mail.</summary>
    public async Task<Outcome<Done>> RemoveAsync(Guid id, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        if (await tx.ExecuteAsync("delete from platform.passkey where id = @id and person_id = @person", new { id, person = who.PersonId }, ct) == 0) return Refusals.NoSuchPasskey;
        tx.Enqueue(Mails.PasskeyRemoved(who.Email));
        tx.Audit(new Access("passkey.removed", "passkey", id), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Select = """
        select id, name, created_at, last_used_at
        from platform.passkey
        where person_id = @person
        order by created_at, id
        """;

    private const string Insert = """
        insert into platform.passkey (id, person_id, credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, name, created_at)
        values (@id, @person, @credentialId, @publicKey, @count, @transports, @isBackupEligible, @isBackedUp, @name, @now)
        """;
}
