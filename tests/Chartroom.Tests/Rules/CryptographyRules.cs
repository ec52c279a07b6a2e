using System.Reflection;
using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>Primitives stand where the inventory says, and expressions on other people's text come to an end.</summary>
public sealed partial class CryptographyRules
{
    [Fact]
    public void KEY_1_Every_file_that_uses_a_primitive_stands_in_the_inventory_and_nothing_else_does()
    {
        var document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/cryptography.md"));
        var named = FileName().Matches(document).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();
        var used = SourceTree.Product("*.cs").Where(file => !file.Path.Contains("/Bench/", StringComparison.Ordinal) && Primitive().IsMatch(Comments().Replace(file.Text, ""))).Select(file => file.Path);

        Assert.Equal(used.Order(StringComparer.Ordinal), named);
    }

    [Fact]
    public void Every_regular_expression_of_the_program_ends_soon_on_words_made_to_hold_it_up()
    {
        var expressions = new[] { typeof(Outcome<>).Assembly, typeof(Shell.Host).Assembly }.SelectMany(it => it.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method, made: method.GetCustomAttribute<GeneratedRegexAttribute>())).Where(it => it.made is not null).ToList();
        string[] pieces = ["a", "a ", "so ", "and ", "okay and so ", "no ", "not ", "1", "1/", "1.1,", "i mean ", "we will ", "your ", "'", "-", " ", "\n", "(", "é"];

        var held = new List<string>();
        foreach (var (method, made) in expressions)
        {
            var expression = new Regex(made!.Pattern, made.Options, TimeSpan.FromSeconds(10));
            foreach (var piece in pieces)
            {
                var words = string.Concat(Enumerable.Repeat(piece, 3_000)) + "\u0001";   // longer than any turn of a visit, and it never matches to its end
                try
                {
                    _ = expression.Count(words);
                }
                catch (RegexMatchTimeoutException)
                {
                    held.Add($"{method.DeclaringType!.Name}.{method.Name} by '{piece}'");
                    break;
                }
            }
        }

        Assert.Empty(held);
        Assert.True(expressions.Count > 60, $"{expressions.Count} expressions");
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"`(src/[^`]+\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\b(AesGcm|AesCcm|Aes\.Create|HMACSHA\d+|SHA1\.|SHA256\.|SHA384\.|SHA512\.|MD5\.|RandomNumberGenerator|LibArgon2|Ed25519|ECDsa|RSA\.Create|HKDF\.|Rfc2898DeriveBytes|ChaCha20Poly1305)\b?")]
    private static partial Regex Primitive();
}
