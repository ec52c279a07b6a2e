using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Chartroom.Platform.Database;

namespace Chartroom.Platform.Vault;

/// <summary>The key-management service: wraps and unwraps keys that it never hands out itself. A local key file here; AWS KMS is the other one.</summary>
public interface IKms
{
    /// <summary>Wraps a key for a named use; the same use must be named to unwrap it.</summary>
    byte[] Wrap(ReadOnlySpan<byte> key, string use);

    /// <summary>Unwraps, or throws <see cref="CryptographicException"/> when the key, the use or the service's own key is another.</summary>
    byte[] Unwrap(ReadOnlySpan<byte> wrapped, string use);
}

/// <summary>Keys in a file that only the program's user may read, made on first use. Format: <c>{"current":1,"keys":{"1":"base64 of 32 bytes"}}</c>. Whoever changes the file is
/// followed at once, by the programs that run too: nothing is wrapped under a key after another has become current.</summary>
public sealed class LocalKms : IKms
{
    private readonly string path;
    private readonly Lock turn = new();
    private KeysOfFile held;

    /// <param name="options">Names the secrets directory.</param>
    public LocalKms(PlatformOptions options)
    {
        SecretFiles.EnsureDirectory(options.SecretsDirectory);
        path = Path.Combine(options.SecretsDirectory, "kms.json");
        SecretFiles.ReadOrMake(path, () => Write(new KeyFile(1, new() { ["1"] = NewKey() })));
        held = Read();
    }

    /// <summary>Version that new keys and secrets are wrapped under.</summary>
    internal int CurrentVersion => Keys().Current.Version;

    /// <summary>All versions in the file, oldest first.</summary>
    internal IReadOnlyList<int> Versions => [.. Keys().All.Keys.Order()];

    /// <summary>When the file was last changed, so that nothing was wrapped under another version since.</summary>
    internal DateTimeOffset ChangedAt => Keys().ChangedAt;

    /// <inheritdoc/>
    public byte[] Wrap(ReadOnlySpan<byte> key, string use) => Keys().Current.Seal(key, System.Text.Encoding.UTF8.GetBytes(use));

    /// <inheritdoc/>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string use)
    {
        if (wrapped.Length < SealingKey.Overhead || !Keys().All.TryGetValue(SealingKey.VersionOf(wrapped), out var key))
            throw new CryptographicException("The key file does not hold the key version this was wrapped with.");
        return key.Open(wrapped, System.Text.Encoding.UTF8.GetBytes(use));
    }

    /// <summary>Adds a version, which is not current yet: first every node's file must have it.</summary>
    internal int Add() => Change(WithOneMore);

    /// <summary>Adds a version and wraps under it from now on.</summary>
    internal int AddAndUse() => Change(file => WithOneMore(file) with { Current = NewestOf(file) + 1 });

    /// <summary>Wraps under the newest version from now on.</summary>
    internal int UseNewest() => Change(file => file with { Current = NewestOf(file) });

    /// <summary>Takes every version but the current one out of the file. What is wrapped under one of them is unreadable from then on, in backups too.</summary>
    internal int DestroyOld() => Change(file => file with { Keys = file.Keys.Where(it => it.Key == Name(file.Current)).ToDictionary() });

    private static KeyFile WithOneMore(KeyFile file) => file with { Keys = new(file.Keys) { [Name(NewestOf(file) + 1)] = NewKey() } };

    /// <summary>The file is replaced whole; two that change it at once wait for each other.</summary>
    private int Change(Func<KeyFile, KeyFile> change)
    {
        using var alone = SecretFiles.Lock(path);
        var changed = change(Parse(SecretFiles.ReadOnly(path)));
        SecretFiles.Replace(path, Write(changed));
        return NewestOf(changed);
    }

    /// <summary>As the file has them now; one look at its date where nothing has changed.</summary>
    private KeysOfFile Keys()
    {
        if (held.ChangedAt == File.GetLastWriteTimeUtc(path)) return held;
        lock (turn)
        {
            try
            {
                return held = Read();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
            {
                return held;   // gone, or being written by hand: what was read from it is still true, and the next use looks again
            }
        }
    }

    private KeysOfFile Read()
    {
        var changedAt = File.GetLastWriteTimeUtc(path);   // before reading: what is written meanwhile is read at the next use
        var file = Parse(SecretFiles.ReadOnly(path));
        var keys = file.Keys.ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), KeyOf);
        return new(keys, keys[file.Current], changedAt);
    }

    private static SealingKey KeyOf(KeyValuePair<string, string> entry)
    {
        var key = Convert.FromBase64String(entry.Value);
        if (key.Length != 32) throw new InvalidOperationException($"Key {entry.Key} of kms.json is not 32 bytes long.");
        return new(key, int.Parse(entry.Key, CultureInfo.InvariantCulture));
    }

    private static KeyFile Parse(string text) => JsonSerializer.Deserialize<KeyFile>(text, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("kms.json is empty.");

    private static string Write(KeyFile file) => JsonSerializer.Serialize(file, JsonSerializerOptions.Web);

    private static int NewestOf(KeyFile file) => file.Keys.Keys.Max(name => int.Parse(name, CultureInfo.InvariantCulture));

    private static string Name(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private sealed record KeyFile(int Current, Dictionary<string, string> Keys);

    private sealed record KeysOfFile(Dictionary<int, SealingKey> All, SealingKey Current, DateTime ChangedAt);
}
