using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>Settings of password hashing, section <c>Passwords</c>.</summary>
public sealed record PasswordHashingSettings : IValidatableObject
{
    /// <summary>Memory of one hash in KiB, 19456 (19 MiB) to 262144.</summary>
    [Range(19_456, 262_144)]
    public int MemoryKib { get; init; } = 19_456;

    /// <summary>Passes over that memory, 1 to 16.</summary>
    [Range(1, 16)]
    public int Passes { get; init; } = 2;

    /// <summary>Threads of one hash, 1 to 4.</summary>
    [Range(1, 4)]
    public int Lanes { get; init; } = 1;

    /// <summary>Hashes computed at once on this host, 1 to 64; the others wait. It bounds the memory that sign-in can take.</summary>
    [Range(1, 64)]
    public int AtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    internal Argon2Cost Cost => new((uint)MemoryKib, (uint)Passes, (uint)Lanes);

    /// <summary>One pass is allowed from 46 MiB on, two from 19 MiB: the OWASP minimum
    /// (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Passes == 1 && MemoryKib < 47_104)
            yield return new ValidationResult("One pass is too little under 47104 KiB: set Passwords:Passes to 2.", [nameof(Passes)]);
    }
}

/// <summary>Hashes passwords with Argon2id and checks them. Thread-safe; one per process, since it bounds the parallel work.</summary>
public sealed class PasswordHasher : IDisposable
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private readonly Argon2Cost cost;
    private readonly SemaphoreSlim places;
    private readonly PhcString decoy;

    public PasswordHasher(PasswordHashingSettings settings)
    {
        LibArgon2.EnsurePresent();
        cost = settings.Cost;
        places = new SemaphoreSlim(settings.AtOnce);
        decoy = new PhcString(cost, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));
    }

    /// <summary>The PHC string to store for this password, with a fresh salt.</summary>
    public async Task<string> HashAsync(Password password, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await ComputeAsync(password, new PhcString(cost, salt, new byte[HashBytes]), ct);
        return new PhcString(cost, salt, hash).ToString();
    }

    /// <summary>Whether the password belongs to the stored hash.</summary>
    /// <param name="stored">A PHC string, or null when there is no such account: then the same work is done and the answer is no,
    /// so that the time taken does not tell which accounts exist.</param>
    /// <exception cref="FormatException">The stored text is neither an Argon2id nor a bcrypt hash: a damaged row is an error, not a wrong password.</exception>
    public async Task<bool> VerifyAsync(Password password, string? stored, CancellationToken ct)
    {
        if (stored is not null && IsImported(stored)) return await VerifyImportedAsync(password, stored, ct);
        var phc = stored is null ? decoy : Read(stored);
        var hash = await ComputeAsync(password, phc, ct);
        return CryptographicOperations.FixedTimeEquals(hash, phc.Hash.Span) && stored is not null;
    }

    /// <summary>Whether the stored hash was made with less work than today's settings ask for, or came with an imported account.</summary>
    public bool NeedsRehash(string stored) => IsImported(stored) || Read(stored).Cost.Work < cost.Work;

    public void Dispose() => places.Dispose();

    private static PhcString Read(string stored) =>
        PhcString.TryParse(stored, out var phc) ? phc : throw new FormatException("A stored password hash is not an Argon2id PHC string.");

    /// <summary>bcrypt, as systems before ours have kept it: the work factor stands in the text. Only read, never written.</summary>
    private static bool IsImported(string stored) => stored.Length == 60 && (stored.StartsWith("$2a$", StringComparison.Ordinal)
        || stored.StartsWith("$2b$", StringComparison.Ordinal) || stored.StartsWith("$2y$", StringComparison.Ordinal));

    private async Task<bool> VerifyImportedAsync(Password password, string stored, CancellationToken ct)
    {
        // A forged row must not be able to ask for hours of work: 2^14 rounds are about a second.
        if (!int.TryParse(stored.AsSpan(4, 2), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var rounds) || rounds is < 4 or > 14)
            throw new FormatException("A stored bcrypt hash asks for a work factor outside 4 to 14.");
        await places.WaitAsync(ct);
        try
        {
            return await Task.Run(() => BCrypt.Net.BCrypt.Verify(password.Reveal(), stored), ct);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<byte[]> ComputeAsync(Password password, PhcString phc, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            return await Task.Run(() => LibArgon2.Hash(Encoding.UTF8.GetBytes(password.Reveal()), phc.Salt.Span, phc.Cost, phc.Hash.Length), ct);
        }
        finally
        {
            places.Release();
        }
    }
}
