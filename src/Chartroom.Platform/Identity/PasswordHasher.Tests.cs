namespace Chartroom.Platform.Identity;

public sealed class PasswordHasherTests : IDisposable
{
    private readonly PasswordHasher hasher = new(new PasswordHashingSettings());

    public void Dispose() => hasher.Dispose();

    [Theory]   // made with Debian's argon2 command
    [InlineData("Correct-Horse-9", "$argon2id$v=19$m=19456,t=2,p=1$YSBzYWx0IG9mIDE2IGJ5dA$yMDsNdcNyKtiZN5Yi9bY0jWGXni7Z4yTh/vficiE518")]
    [InlineData("Motörhead 東京 🎸 1a", "$argon2id$v=19$m=47104,t=1,p=1$YW5vdGhlcjE2Ynl0ZXMhIQ$uLx2F/3D28fmP4yk1pwDoWFxWPxqik+E6sI89+AfbSs")]
    [InlineData("x", "$argon2id$v=19$m=256,t=3,p=4$c2FsdHNhbHQ$lYX83zLGDU/D9CcMQcElZ8xDwAFxnDjt")]
    public async Task ACC_2_Hashes_of_the_reference_program_are_recognised_and_nothing_near_them(string typed, string stored)
    {
        Assert.True(await hasher.VerifyAsync(Typed(typed), stored, default));
        Assert.False(await hasher.VerifyAsync(Typed(typed + " "), stored, default));
        Assert.False(await hasher.VerifyAsync(Typed(typed.Replace('x', 'y').Replace('1', '2').Replace('9', '8')), stored, default));
        Assert.Equal(stored, Parsed(stored).ToString());
    }

    [Theory]   // vectors of the crypt_blowfish test suite (https://www.openwall.com/crypt/)
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    public async Task ACC_2_A_bcrypt_hash_of_an_imported_account_is_recognised_and_made_anew(string typed, string stored)
    {
        Assert.True(await hasher.VerifyAsync(Typed(typed), stored, default));
        Assert.False(await hasher.VerifyAsync(Typed(typed + "x"), stored, default));
        Assert.True(hasher.NeedsRehash(stored));
    }

    [Fact]
    public async Task A_new_hash_has_the_cost_of_the_settings_and_a_salt_of_its_own()
    {
        var one = await hasher.HashAsync(Typed("Correct-Horse-9"), default);
        var two = await hasher.HashAsync(Typed("Correct-Horse-9"), default);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", one, StringComparison.Ordinal);
        Assert.NotEqual(one, two);
        Assert.True(await hasher.VerifyAsync(Typed("Correct-Horse-9"), two, default));
        Assert.Equal((16, 32), (Parsed(one).Salt.Length, Parsed(one).Hash.Length));
    }

    [Theory]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$YSBzYWx0IG9mIDE2IGJ5dA$AAAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("$argon2id$v=19$m=19456,t=1,p=1$YSBzYWx0IG9mIDE2IGJ5dA$AAAAAAAAAAAAAAAAAAAAAA", true)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=4$YSBzYWx0IG9mIDE2IGJ5dA$AAAAAAAAAAAAAAAAAAAAAA", false)]
    public void A_weaker_hash_is_made_anew_at_the_next_sign_in(string stored, bool expected) => Assert.Equal(expected, hasher.NeedsRehash(stored));

    [Theory]
    [InlineData("")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuv")]                                                            // another algorithm
    [InlineData("$argon2i$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]                             // another variant
    [InlineData("$argon2id$v=16$m=256,t=3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]                            // the old version
    [InlineData("$argon2id$v=19$m=4294967295,t=3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]                    // all the memory there is
    [InlineData("$argon2id$v=19$m=7,t=3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]                             // under 8 KiB a lane
    [InlineData("$argon2id$v=19$m=256,t=0,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$m=256,t=+3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$argon2id$v=19$t=3,m=256,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA")]                           // the order is part of the format
    [InlineData("$argon2id$v=19$m=256,t=3,p=1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA")]                          // padded
    [InlineData("$argon2id$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$AAAA")]                                             // 3 bytes of hash
    [InlineData("$argon2id$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA$")]
    public async Task A_damaged_or_foreign_hash_is_an_error_and_no_wrong_password(string stored)
    {
        Assert.False(PhcString.TryParse(stored, out _));
        await Assert.ThrowsAsync<FormatException>(() => hasher.VerifyAsync(Typed("Correct-Horse-9"), stored, default));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_never_matches() =>   // that it costs the same work is measured by bench/, a busy machine cannot assert it
        Assert.False(await hasher.VerifyAsync(Typed("Correct-Horse-9"), null, default));

    [Theory]
    [InlineData(19_456, 1, false)]   // under the OWASP minimum
    [InlineData(47_104, 1, true)]
    [InlineData(19_456, 2, true)]
    public void Settings_below_the_owasp_minimum_are_refused(int memoryKib, int passes, bool isTaken) =>
        Assert.Equal(isTaken, !new PasswordHashingSettings { MemoryKib = memoryKib, Passes = passes }.Validate(new(new object())).Any());

    [Fact]
    public void A_password_prints_as_dots() => Assert.Equal("•••", $"{Typed("Correct-Horse-9")}");

    [Fact]
    public void What_is_no_text_is_no_password()
    {
        string?[] typed = [null, "", "ab" + (char)0xD800 + "cd", "ab" + (char)0xDC00, "ab" + (char)0xD800];   // the last three hold half a character
        Assert.All(typed, text => Assert.False(Password.TryTake(text, out _)));
    }

    [Fact]
    public void Length_counts_characters_and_too_long_is_refused_not_cut()
    {
        Assert.Equal(256, Typed(string.Concat(Enumerable.Repeat("🎸", 256))).Length);
        Assert.False(Password.TryTake(string.Concat(Enumerable.Repeat("🎸", 257)), out _));
        Assert.False(Password.TryTake(new string('a', 257), out _));
        Assert.Equal("é", Typed("e\u0301").Reveal());   // two keyboards, one password
    }

    internal static Password Typed(string text) => Password.TryTake(text, out var password) ? password : throw new ArgumentException(text);

    private static PhcString Parsed(string text) => PhcString.TryParse(text, out var phc) ? phc : throw new FormatException(text);
}
