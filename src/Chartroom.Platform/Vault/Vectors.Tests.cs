using System.Security.Cryptography;
using System.Text.Json;

namespace Chartroom.Platform.Vault;

/// <summary>Published vectors (Wycheproof) and attacks on envelopes. Key wrap (KWP) has no test: nothing is wrapped with it, since it cannot bind a key to its place;
/// keys are wrapped in the same envelope as content.</summary>
public sealed class VectorsTests
{
    /// <summary>Envelopes and swaps per run: a share in the suite, 10,000 with CHARTROOM_KEY_TRIES=10000.</summary>
    private static readonly int Tries = int.Parse(Environment.GetEnvironmentVariable("CHARTROOM_KEY_TRIES") ?? "200", System.Globalization.CultureInfo.InvariantCulture);

    [SharedDataFact]
    public void KEY_1_Wycheproof_AES_GCM_of_our_parameters_through_the_envelope_and_the_other_key_sizes_through_the_cipher()
    {
        var (inEnvelopes, inCipher, otherNonces) = (0, 0, 0);
        foreach (var (group, test) in Vectors("aes_gcm_test.json"))
        {
            if (group.GetProperty("tagSize").GetInt32() != 128) throw new InvalidOperationException("A tag size that the vectors did not have.");
            if (group.GetProperty("ivSize").GetInt32() != 96)
            {
                using var aes = new AesGcm(Bytes(test, "key"), 16);
                Assert.ThrowsAny<ArgumentException>(() => aes.Decrypt(Bytes(test, "iv"), Bytes(test, "ct"), Bytes(test, "tag"), new byte[Bytes(test, "ct").Length]));
                otherNonces++;   // only 96 bits are taken at all
            }
            else if (group.GetProperty("keySize").GetInt32() == 256)
            {
                Assert.Equal(IsValid(test), OpensInEnvelope(test));
                inEnvelopes++;
            }
            else
            {
                Assert.Equal(IsValid(test), OpensInCipher(test));
                inCipher++;
            }
        }
        Assert.Equal((66, 316), (inEnvelopes, inEnvelopes + inCipher + otherNonces));
    }

    /// <summary>Nothing of ours wraps keys so: docs/cryptography.md. What the framework has is right, should it ever be needed to exchange a key.</summary>
    [SharedDataFact]
    public void KEY_1_Wycheproof_AES_key_wrap_with_padding_through_the_framework()
    {
        var count = 0;
        foreach (var (_, test) in Vectors("aes_kwp_test.json"))
        {
            using var aes = Aes.Create();
            aes.Key = Bytes(test, "key");
            byte[] Unwrap() => aes.DecryptKeyWrapPadded(Bytes(test, "ct"));
            if (!IsValid(test)) Assert.True(Record.Exception(Unwrap) is CryptographicException or ArgumentException, $"{test}");
            else
            {
                Assert.Equal(Bytes(test, "msg"), Unwrap());
                Assert.Equal(Bytes(test, "ct"), aes.EncryptKeyWrapPadded(Bytes(test, "msg")));
            }
            count++;
        }
        Assert.Equal(254, count);
    }

    [SharedDataFact]
    public void KEY_4_Wycheproof_HMAC_and_HKDF_of_the_kinds_in_use()
    {
        foreach (var (group, test) in Vectors("hmac_sha256_test.json"))
        {
            var tag = HMACSHA256.HashData(Bytes(test, "key"), Bytes(test, "msg"))[..(group.GetProperty("tagSize").GetInt32() / 8)];
            Assert.Equal(IsValid(test), CryptographicOperations.FixedTimeEquals(tag, Bytes(test, "tag")));
        }
        foreach (var (_, test) in Vectors("hkdf_sha256_test.json"))
        {
            byte[] Derive() => HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes(test, "ikm"), test.GetProperty("size").GetInt32(), Bytes(test, "salt"), Bytes(test, "info"));
            if (IsValid(test)) Assert.Equal(Bytes(test, "okm"), Derive());
            else Assert.ThrowsAny<ArgumentException>(Derive);
        }
    }

    [SharedDataFact]
    public void KEY_1_A_ciphertext_made_for_two_keys_opens_under_one_of_them_at_most()
    {
        var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Root!, "security", "crypto", "gcm_two_keys.json"))).RootElement.GetProperty("cases");
        foreach (var made in cases.EnumerateArray())
        {
            foreach (var which in "12")   // the cipher alone opens it under both: the attack is real
            {
                using var bare = new AesGcm(Bytes(made, $"key{which}"), 16);
                bare.Decrypt(Bytes(made, "nonce"), Bytes(made, "ciphertext"), Bytes(made, "tag"), new byte[Bytes(made, "ciphertext").Length], Text(made, $"aad{which}"));
            }
            using var first = new SealingKey(Bytes(made, "key1"), 1);
            using var second = new SealingKey(Bytes(made, "key2"), 1);
            foreach (var (own, other, ownAad, otherAad) in new[] { (first, second, "aad1", "aad2"), (second, first, "aad2", "aad1") })
            {
                var envelope = EnvelopeOf(own, Bytes(made, "nonce"), Bytes(made, "ciphertext"), Bytes(made, "tag"));
                Assert.NotEmpty(own.Open(envelope, Text(made, ownAad)));
                Assert.Throws<CryptographicException>(() => other.Open(envelope, Text(made, otherAad)));
            }
        }
    }

    [Fact]
    public void KEY_1_Each_byte_of_many_envelopes_flipped_is_refused()
    {
        var (keys, random) = (Keys(ClinicId.New()), new Random(20261122));
        using var key = PatientKey.New(keys, PatientId.New()).Key;
        for (var number = 0; number < Tries; number++)
        {
            var content = new byte[random.Next(0, 64)];
            random.NextBytes(content);
            var cell = new Cell("entry", "content", Guid.CreateVersion7());
            var envelope = key.SealBytes(content, cell);
            for (var at = 0; at < envelope.Length; at++)
            {
                var flip = (byte)random.Next(1, 256);
                envelope[at] ^= flip;
                Assert.ThrowsAny<CryptographicException>(() => key.OpenBytes(envelope, cell));
                envelope[at] ^= flip;
            }
            Assert.Equal(content, key.OpenBytes(envelope, cell));
        }
    }

    [Fact]
    public void KEY_1_An_envelope_moved_to_another_row_column_table_patient_clinic_or_key_version_is_refused()
    {
        var random = new Random(20261122);
        var bare = RandomNumberGenerator.GetBytes(32);
        for (var number = 0; number < Tries; number++)
        {
            var (clinic, patient, cell) = (Keys(ClinicId.New()), PatientId.New(), new Cell("entry", "content.1", Guid.CreateVersion7()));
            using var key = new PatientKey(clinic.Clinic, patient, new SealingKey(bare, 1));
            var envelope = key.SealBytes([1, 2, 3], cell);
            using var stranger = new PatientKey(clinic.Clinic, PatientId.New(), new SealingKey(bare, 1));   // the same bytes as key, so that only the place differs
            using var elsewhere = new PatientKey(ClinicId.New(), patient, new SealingKey(bare, 1));
            using var later = new PatientKey(clinic.Clinic, patient, new SealingKey(bare, 2));
            var relabelled = (byte[])envelope.Clone();
            relabelled[4] = 2;
            Action[] moves =
            [
                () => key.OpenBytes(envelope, cell with { Row = Guid.CreateVersion7() }), () => key.OpenBytes(envelope, cell with { Column = "content.2" }),
                () => key.OpenBytes(envelope, cell with { Table = "draft" }), () => stranger.OpenBytes(envelope, cell),
                () => elsewhere.OpenBytes(envelope, cell), () => later.OpenBytes(envelope, cell), () => later.OpenBytes(relabelled, cell),
            ];
            Assert.ThrowsAny<CryptographicException>(moves[number % moves.Length]);
            Assert.ThrowsAny<CryptographicException>(moves[random.Next(moves.Length)]);
        }
    }

    private static bool OpensInEnvelope(JsonElement test)
    {
        using var key = new SealingKey(Bytes(test, "key"), 1);
        try
        {
            return key.Open(EnvelopeOf(key, Bytes(test, "iv"), Bytes(test, "ct"), Bytes(test, "tag")), Bytes(test, "aad")).AsSpan().SequenceEqual(Bytes(test, "msg"));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool OpensInCipher(JsonElement test)
    {
        using var aes = new AesGcm(Bytes(test, "key"), 16);
        var content = new byte[Bytes(test, "ct").Length];
        try
        {
            aes.Decrypt(Bytes(test, "iv"), Bytes(test, "ct"), Bytes(test, "tag"), content, Bytes(test, "aad"));
            return content.AsSpan().SequenceEqual(Bytes(test, "msg"));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The head that the key writes, then the given body.</summary>
    private static byte[] EnvelopeOf(SealingKey key, byte[] nonce, byte[] ciphertext, byte[] tag) => [.. key.Seal([], [])[..21], .. nonce, .. ciphertext, .. tag];

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Vectors(string file) =>
        from it in JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Root!, "security", "crypto", "wycheproof", file))).RootElement.GetProperty("testGroups").EnumerateArray()
        from test in it.GetProperty("tests").EnumerateArray()
        select (it, test);

    private static bool IsValid(JsonElement test) => test.GetProperty("result").GetString() != "invalid";

    private static byte[] Bytes(JsonElement test, string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);

    private static byte[] Text(JsonElement test, string name) => System.Text.Encoding.UTF8.GetBytes(test.GetProperty(name).GetString()!);

    private static ClinicKeys Keys(ClinicId clinic) => new(clinic, [new SealingKey(RandomNumberGenerator.GetBytes(32), 1)], RandomNumberGenerator.GetBytes(32));
}
