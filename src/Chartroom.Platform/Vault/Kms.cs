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

/// <summary>Keys in a file that only the program's user may read, made on first use. Format: <c>{"current":1,"keys":{"1":"base64 of 32 bytes"}}</c>.</summary>
public sealed class LocalKms : IKms
{
    private readonly Dictionary<int, SealingKey> keys;
    private readonly SealingKey current;

    /// <param name="options">Names the secrets directory.</param>
    public LocalKms(PlatformOptions options)
    {
        SecretFiles.EnsureDirectory(options.SecretsDirectory);
        var text = SecretFiles.ReadOrMake(Path.Combine(options.SecretsDirectory, "kms.json"), () =>
            JsonSerializer.Serialize(new KeyFile(1, new() { ["1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }), JsonSerializerOptions.Web));
        var file = JsonSerializer.Deserialize<KeyFile>(text, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("kms.json is empty.");
        keys = file.Keys.ToDictionary(entry => int.Parse(entry.Key, System.Globalization.CultureInfo.InvariantCulture), entry => KeyOf(entry));
        current = keys[file.Current];
    }

    /// <inheritdoc/>
    public byte[] Wrap(ReadOnlySpan<byte> key, string use) => current.Seal(key, System.Text.Encoding.UTF8.GetBytes(use));

    /// <inheritdoc/>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string use)
    {
        if (wrapped.Length < SealingKey.Overhead || !keys.TryGetValue(SealingKey.VersionOf(wrapped), out var key))
            throw new CryptographicException("The key file does not hold the key version this was wrapped with.");
        return key.Open(wrapped, System.Text.Encoding.UTF8.GetBytes(use));
    }

    private static SealingKey KeyOf(KeyValuePair<string, string> entry)
    {
        var key = Convert.FromBase64String(entry.Value);
        if (key.Length != 32) throw new InvalidOperationException($"Key {entry.Key} of kms.json is not 32 bytes long.");
        return new(key, int.Parse(entry.Key, System.Globalization.CultureInfo.InvariantCulture));
    }

    private sealed record KeyFile(int Current, Dictionary<string, string> Keys);
}
