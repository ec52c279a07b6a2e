using System.Text;

namespace Chartroom.Platform.Identity;

public sealed class TotpTests
{
    private static readonly byte[] RfcSecret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]   // RFC 6238, appendix B, SHA-1
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void ACC_3_Codes_are_those_of_rfc_6238(long seconds, string expected)
    {
        Assert.Equal(expected, Totp.Truncate(RfcSecret, seconds / 30, 8));
        Assert.Equal(expected[2..], Totp.CodeOf(RfcSecret, seconds / 30));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29, true)]     // the last second of its own step
    [InlineData(30, true)]     // the next step, for a slow typist
    [InlineData(59, true)]
    [InlineData(60, false)]    // two steps later
    [InlineData(-1, false)]    // a step early: a phone that runs ahead is not trusted
    public void ACC_3_A_code_is_good_in_its_step_and_the_next(int secondsAfter, bool isTaken)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);   // a multiple of 30
        var step = Totp.StepAt(start);

        Assert.Equal(isTaken ? step : null, Totp.AcceptedStep(RfcSecret, Totp.CodeOf(RfcSecret, step), start.AddSeconds(secondsAfter), 0));
    }

    [Fact]
    public void ACC_3_A_code_is_not_taken_twice_nor_one_older_than_the_last()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = Totp.StepAt(now);

        Assert.Null(Totp.AcceptedStep(RfcSecret, Totp.CodeOf(RfcSecret, step), now, lastStep: step));
        Assert.Null(Totp.AcceptedStep(RfcSecret, Totp.CodeOf(RfcSecret, step - 1), now, lastStep: step));
        Assert.Equal(step, Totp.AcceptedStep(RfcSecret, Totp.CodeOf(RfcSecret, step), now, lastStep: step - 1));
    }

    [Theory]
    [InlineData(""), InlineData("12345"), InlineData("1234567"), InlineData("abcdef"), InlineData("٠١٢٣٤٥"), InlineData("💊")]
    public void What_is_no_code_is_refused_without_fuss(string typed) =>
        Assert.Null(Totp.AcceptedStep(RfcSecret, typed, DateTimeOffset.UnixEpoch.AddDays(1), 0));

    [Fact]
    public void Spaces_in_a_code_do_not_matter()
    {
        var code = Totp.CodeOf(RfcSecret, 100);
        Assert.Equal(100, Totp.AcceptedStep(RfcSecret, $" {code[..3]} {code[3..]} ", DateTimeOffset.FromUnixTimeSeconds(3000), 0));
    }

    [Fact]
    public void The_address_for_the_app_names_account_and_secret() => Assert.Equal(
        "otpauth://totp/Chartroom:ana%40lakeside.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Chartroom&algorithm=SHA1&digits=6&period=30",
        Totp.Uri(RfcSecret, "ana@lakeside.example"));

    [Theory]   // RFC 4648, 10
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_rfc_4648(string text, string expected)
    {
        Assert.Equal(expected, Base32.Write(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(text, Encoding.ASCII.GetString(Base32.Read(expected.ToLowerInvariant())!));
        Assert.Null(Base32.Read(expected + "1"));   // 0, 1, 8 and 9 are not of the alphabet
    }

    [Fact]
    public void The_qr_code_is_svg_that_a_strict_content_security_policy_lets_through()
    {
        var svg = QrCode.Svg(Totp.Uri(RfcSecret, "ana@lakeside.example"), "QR code \"for\" your app");

        Assert.StartsWith("<svg ", svg, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"QR code &quot;for&quot; your app\"", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("style", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("script", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ACC_3_Ten_recovery_codes_differ_and_are_read_as_people_type_them()
    {
        var codes = RecoveryCodes.New();

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([a-z2-7]{4}-){5}[a-z2-7]{4}$", code));
        Assert.Equal(RecoveryCodes.HashOf(codes[0]), RecoveryCodes.HashOf($" {codes[0].Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant()} "));
        Assert.NotEqual(RecoveryCodes.HashOf(codes[0]), RecoveryCodes.HashOf(codes[1]));
        Assert.Null(RecoveryCodes.HashOf(codes[0][1..]));
        Assert.Null(RecoveryCodes.HashOf("123456"));
    }

    [Fact]
    public void Tokens_are_256_random_bits_of_which_the_database_sees_a_hash()
    {
        var token = SecretToken.New();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
        Assert.NotEqual(token, SecretToken.New());
        Assert.Equal(32, SecretToken.HashOf(token).Length);
    }
}
