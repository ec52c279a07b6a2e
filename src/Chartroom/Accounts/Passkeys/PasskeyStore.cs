using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Microsoft.AspNetCore.Identity;

namespace Chartroom.Accounts;

/// <summary>Somebody with passkeys, as the framework's WebAuthn code knows them.</summary>
internal sealed record PasskeyOwner(PersonId Id, string Email, string Name);

/// <summary>
/// What ASP.NET Core Identity's WebAuthn code reads, from our tables and inside our transaction: one person and their keys. Writing stays with our handlers, so
/// whatever else Identity could ask of a store is refused (docs/decisions/0011).
/// </summary>
internal sealed class PasskeyStore(PlatformTx tx, PasskeyOwner owner) : IUserPasskeyStore<PasskeyOwner>
{
    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Id.Value.ToString());

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(userId == owner.Id.Value.ToString() ? owner : null);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        [.. (await tx.QueryAsync<Row>("""
            select credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, name, created_at
            from platform.passkey
            where person_id = @person
            order by created_at, id
            """, new { person = user.Id }, cancellationToken)).Select(row => row.Info)];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(it => it.CredentialId.AsSpan().SequenceEqual(credentialId));

    /// <summary>Whether a key is anybody's already; whose does not matter to the asker.</summary>
    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var found = await tx.QueryAsync<PersonId>("select person_id from platform.passkey where credential_id = @credentialId", new { credentialId }, cancellationToken);
        return found is [var person] ? owner with { Id = person } : null;
    }

    public void Dispose()
    {
        // the transaction is the handler's
    }

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed record Row
    {
        public required byte[] CredentialId { get; init; }
        public required byte[] PublicKey { get; init; }
        public long SignCount { get; init; }
        public required string[] Transports { get; init; }
        public bool IsBackupEligible { get; init; }
        public bool IsBackedUp { get; init; }
        public required string Name { get; init; }
        public DateTimeOffset CreatedAt { get; init; }

        // Keys without user verification are never taken, see PasskeyCheck. The papers of the registration are not kept: nobody asks for them again.
        public UserPasskeyInfo Info => new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports, isUserVerified: true, IsBackupEligible, IsBackedUp, attestationObject: [], clientDataJson: [])
        {
            Name = Name,
        };
    }
}
