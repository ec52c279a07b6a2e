using System.Security.Cryptography;
using Chartroom.Platform.Database;
using Microsoft.Extensions.Time.Testing;

namespace Chartroom.Platform.Vault;

public sealed class VaultTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void KEY_1_Every_byte_of_an_envelope_counts()
    {
        using var key = new SealingKey(Key, 1);
        var envelope = key.Seal("a short secret"u8, "place"u8);

        for (var at = 0; at < envelope.Length; at++)
        {
            var altered = (byte[])envelope.Clone();
            altered[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => key.Open(altered, "place"u8));
        }
        for (var length = 0; length < envelope.Length; length++) Assert.ThrowsAny<CryptographicException>(() => key.Open(envelope.AsSpan(0, length), "place"u8));
        Assert.Equal("a short secret"u8.ToArray(), key.Open(envelope, "place"u8));
    }

    [Fact]
    public void KEY_1_A_value_opens_only_in_the_cell_of_the_patient_of_the_clinic_it_was_sealed_for()
    {
        var (clinic, patient, row) = (ClinicId.New(), PatientId.New(), Guid.CreateVersion7());
        var keys = Keys(clinic);
        using var ours = PatientKey.New(keys, patient).Key;
        using var another = PatientKey.New(keys, PatientId.New()).Key;
        var cell = new Cell("entry", "content", row);
        var envelope = ours.Seal("secret", cell);

        Assert.Equal("secret", ours.Open<string>(envelope, cell));
        Assert.ThrowsAny<CryptographicException>(() => another.Open<string>(envelope, cell));
        foreach (var elsewhere in new[] { cell with { Row = Guid.CreateVersion7() }, cell with { Column = "remark" }, cell with { Table = "note" }, new Cell("entryc", "ontent", row) })
            Assert.ThrowsAny<CryptographicException>(() => ours.Open<string>(envelope, elsewhere));
    }

    [Fact]
    public void KEY_3_A_wrapped_patient_key_opens_only_for_its_patient_and_under_its_clinic()
    {
        var (clinic, patient) = (ClinicId.New(), PatientId.New());
        var keys = Keys(clinic);
        var (key, wrapped) = PatientKey.New(keys, patient);
        key.Dispose();
        using var cache = new OpenedKeys(TimeProvider.System);

        using (var again = PatientKey.Unwrap(keys, cache, [new(patient, 1, wrapped)])) Assert.Equal(patient, again.Patient);
        Assert.ThrowsAny<CryptographicException>(() => PatientKey.Unwrap(keys, cache, [new(PatientId.New(), 1, wrapped)]));
        Assert.ThrowsAny<CryptographicException>(() => PatientKey.Unwrap(keys, cache, [new(patient, 2, wrapped)]));
        Assert.ThrowsAny<CryptographicException>(() => PatientKey.Unwrap(Keys(ClinicId.New()), cache, [new(patient, 1, wrapped)]));
    }

    [Fact]
    public void A_ciphertext_made_for_two_keys_is_refused_by_the_commitment()   // GCM alone lets an attacker craft one that opens under both
    {
        using var key = new SealingKey(Key, 1);
        using var second = new SealingKey(RandomNumberGenerator.GetBytes(32), 1);
        var envelope = key.Seal("x"u8, []);

        var error = Assert.Throws<CryptographicException>(() => second.Open(envelope, []));
        Assert.Equal("Sealed under another key.", error.Message);   // told before the cipher is asked
    }

    [Fact]
    public void KEY_4_Equal_values_meet_in_one_clinics_blind_index_and_nowhere_else()
    {
        var ours = Keys(ClinicId.New());
        Assert.Equal(ours.Blind("patient.phone", "+12025550123"), ours.Blind("patient.phone", "+12025550123"));
        Assert.Equal(4, new[] { ours.Blind("patient.phone", "1"), ours.Blind("patient.phone", "2"), ours.Blind("patient.mrn", "1"), Keys(ClinicId.New()).Blind("patient.phone", "1") }.Distinct().Count());
    }

    [Fact]
    public void KEY_3_The_key_file_is_made_once_for_the_owner_only_and_a_readable_one_is_refused()
    {
        var options = new PlatformOptions { DataDirectory = Directory.CreateTempSubdirectory("chartroom-kms-").FullName };
        var file = Path.Combine(options.SecretsDirectory, "kms.json");
        var wrapped = new LocalKms(options).Wrap("key"u8, "use");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal("key"u8.ToArray(), new LocalKms(options).Unwrap(wrapped, "use"));
        Assert.ThrowsAny<CryptographicException>(() => new LocalKms(options).Unwrap(wrapped, "another use"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidOperationException>(() => new LocalKms(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KEY_3_Many_processes_that_start_at_once_agree_on_one_key_file()
    {
        var options = new PlatformOptions { DataDirectory = Directory.CreateTempSubdirectory("chartroom-kms-").FullName };
        var services = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new LocalKms(options))));

        var wrapped = services[0].Wrap("key"u8, "use");
        Assert.All(services, kms => Assert.Equal("key"u8.ToArray(), kms.Unwrap(wrapped, "use")));
        Assert.Single(Directory.GetFiles(options.SecretsDirectory));
    }

    [Fact]
    public void Many_threads_seal_and_open_under_one_key_and_all_of_it_opens()   // all requests of a clinic share its key
    {
        using var key = new SealingKey(Key, 1);

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var content = new byte[4096];   // long enough that threads meet inside the cipher
            content[number % content.Length] = (byte)(number % 251 + 1);
            Assert.Equal(content, key.Open(key.Seal(content, content), content));
        });
    }

    [Fact]
    public void KEY_1_Two_hundred_thousand_encryptions_under_one_key_give_no_nonce_twice()
    {
        using var key = new SealingKey(Key, 1);
        var seen = new HashSet<(ulong, uint)>();
        var gate = new Lock();

        Parallel.For(0, 8, _ =>   // as the requests of a clinic do
        {
            for (var number = 0; number < 25_000; number++)
            {
                var nonce = key.Seal("x"u8, default).AsSpan(21, 12);   // [format 1][key version 4][commitment 16][nonce 12]
                var read = (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(nonce), System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]));
                lock (gate) seen.Add(read);
            }
        });

        Assert.Equal(200_000, seen.Count);
    }

    [Fact]
    public void A_key_in_memory_is_handed_out_only_against_its_row_as_the_database_has_it_now()
    {
        var (keys, patient) = (Keys(ClinicId.New()), PatientId.New());
        using var cache = new OpenedKeys(TimeProvider.System);
        var row = new WrappedPatientKey(patient, 1, PatientKey.New(keys, patient).Wrapped);
        using var first = cache.Open(keys, row);

        using (var again = cache.Open(keys, row with { Wrapped = [.. row.Wrapped] })) Assert.Same(first, again);
        var rotated = row with { Wrapped = PatientKey.New(keys, patient).Wrapped };
        using (var other = cache.Open(keys, rotated)) Assert.NotSame(first, other);
        var altered = row with { Wrapped = [.. row.Wrapped[..^1], (byte)(row.Wrapped[^1] ^ 1)] };
        Assert.ThrowsAny<CryptographicException>(() => cache.Open(keys, altered));
        Assert.ThrowsAny<CryptographicException>(() => cache.Open(keys, row with { PatientId = PatientId.New() }));
    }

    [Fact]
    public void Unwrapped_keys_leave_memory_within_five_minutes_and_the_oldest_when_there_are_too_many()
    {
        var (keys, clock) = (Keys(ClinicId.New()), new FakeTimeProvider());
        using var cache = new OpenedKeys(clock);
        SealingKey Open() => PatientId.New() is var patient ? cache.Open(keys, new(patient, 1, PatientKey.New(keys, patient).Wrapped)) : null!;
        var oldest = Open();
        oldest.Dispose();   // the cache alone holds it now

        for (var number = 0; number < OpenedKeys.Most; number++) Open().Dispose();
        Assert.Equal(OpenedKeys.Most, cache.Count);
        Assert.Throws<ObjectDisposedException>(oldest.Share);

        var used = Open();
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, cache.Count);
        Assert.Equal("still open"u8.ToArray(), used.Open(used.Seal("still open"u8, []), []));   // a transaction that holds it goes on
        used.Dispose();
        Assert.Throws<ObjectDisposedException>(used.Share);
    }

    private static ClinicKeys Keys(ClinicId clinic) => new(clinic, [new SealingKey(Key, 1)], SHA256.HashData(clinic.Value.ToByteArray()));
}
