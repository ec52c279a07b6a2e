using System.Globalization;

namespace Chartroom.Platform.Identity;

public sealed class PasswordPolicyTests
{
    private static readonly string[] Ana = ["Ana Whitfield", "ana@lakeside-family.example", "Lakeside Family Practice"];

    [Theory]
    [InlineData("vP7#kqz-Ly2m", "")]                         // 12 characters, four classes
    [InlineData("vP7#kqz-Ly2", "TooShort")]                  // 11
    [InlineData("vp7#kqz-ly2m", "NoUpper")]
    [InlineData("VP7#KQZ-LY2M", "NoLower")]
    [InlineData("vPx#kqz-Lyxm", "NoDigit")]
    [InlineData("vP7xkqzxLy2m", "NoSymbol")]
    [InlineData("vpkqz", "TooShort NoUpper NoDigit NoSymbol")]
    [InlineData("vP7 kqz Ly2m", "")]                         // a space is a symbol
    [InlineData("Çé7東kqzîLy2m", "")]                         // and so is a letter without case; other scripts have upper and lower too
    [InlineData("Password123!", "Guessable")]
    [InlineData("P@ssw0rd2026", "Guessable")]
    [InlineData("Welcome2026!", "Guessable")]
    [InlineData("1qaz@WSX3edc", "Guessable")]
    [InlineData("!QAZ2wsx#EDC4", "Guessable")]
    [InlineData("Qwertyuiop1!", "Guessable")]
    [InlineData("Christopher1!", "Guessable")]
    [InlineData("Aa1!Aa1!Aa1!", "Guessable")]
    [InlineData("Lakeside2026!", "Guessable")]               // the practice
    [InlineData("Ana.Whitfield1", "Guessable")]              // the person
    [InlineData("Chartroom-2026", "Guessable")]              // the product
    [InlineData("Tumble-Quartz-73-Nine", "")]
    public void ACC_2_Rotation_takes_twelve_characters_of_four_classes_that_are_hard_to_guess(string typed, string faults) =>
        Assert.Equal(faults, string.Join(' ', PasswordPolicy.Rotation.FaultsOf(PasswordHasherTests.Typed(typed), Ana)));

    [Theory]   // least, remembered, days; none stands for no clinic at all
    [InlineData("", "rotation 12 24 90")]
    [InlineData("nist 15", "nist 15 0 -")]
    [InlineData("nist 15, nist 20", "nist 20 0 -")]
    [InlineData("rotation 12 24 90, rotation 14 30 60", "rotation 14 30 60")]
    [InlineData("rotation 12 36 60, rotation 14 24 90", "rotation 14 36 60")]
    [InlineData("nist 20, rotation 12 24 90", "rotation 20 24 90")]
    [InlineData("rotation 12 24 60, nist 15", "rotation 15 24 60")]
    public void ACC_2_Of_somebody_at_several_clinics_the_strictest_counts(string clinics, string expected)
    {
        var all = clinics.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split(' ') switch
        {
            [var name, var least] => PasswordPolicy.Of(name, Number(least), 24, 90),
            [var name, var least, var remembered, var days] => PasswordPolicy.Of(name, Number(least), Number(remembered), Number(days)),
            _ => throw new FormatException(it),
        }).ToList();

        var strictest = PasswordPolicy.StrictestOf(all);

        Assert.Equal(expected, $"{strictest.Name} {strictest.LeastCharacters} {strictest.Remembered} {strictest.ValidFor?.Days.ToString(CultureInfo.InvariantCulture) ?? "-"}");
        Assert.Equal(strictest.Name == "rotation", strictest.NeedsFourClasses);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("plover umbral sextet", "")]                 // no classes asked for
    [InlineData("abhlqxdtwkyrmvf", "")]                      // 15
    [InlineData("abhlqxdtwkyrmv", "TooShort")]               // 14
    [InlineData("passwordpassword", "Guessable")]
    [InlineData("123456789012345", "Guessable")]
    [InlineData("qwertyuiopasdfghjkl", "Guessable")]
    [InlineData("1q2w3e4r5t6y7u8i", "Guessable")]
    [InlineData("manchesterunited", "Guessable")]
    [InlineData("iloveyou123456789", "Guessable")]
    [InlineData("aaaaaaaaaaaaaaaaaa", "Guessable")]
    [InlineData("zaqxswcdevfrbgtnhymju", "Guessable")]
    [InlineData("michaeljackson1", "Guessable")]
    [InlineData("correcthorsebatterystaple", "Guessable")]
    [InlineData("lakesidefamilypractice1", "Guessable")]
    public void ACC_2_Nist_takes_fifteen_characters_of_any_kind_that_are_hard_to_guess(string typed, string faults) =>
        Assert.Equal(faults, string.Join(' ', PasswordPolicy.Nist.FaultsOf(PasswordHasherTests.Typed(typed), Ana)));

    [Fact]
    public void ACC_2_None_of_the_commonest_passwords_is_taken_as_it_is_nor_with_what_a_policy_makes_people_add()
    {
        var taken = new List<string>();
        foreach (var (number, common) in GuessableWords.CommonPasswords.Index())
        {
            var capital = char.ToUpperInvariant(common[0]) + common[1..];
            (PasswordPolicy, string)[] ways =
            [
                (PasswordPolicy.Rotation, capital + "1!"), (PasswordPolicy.Rotation, capital + "2026!"), (PasswordPolicy.Rotation, "A1!" + common),
                (PasswordPolicy.Nist, common), (PasswordPolicy.Nist, common + common + common), (PasswordPolicy.Nist, common + "123456789"),
            ];
            foreach (var (policy, typed) in number % 20 == 0 ? ways : ways[..4])   // the longer ones take their time
                if (policy.FaultsOf(PasswordHasherTests.Typed(typed), Ana).Count == 0) taken.Add(typed);
        }

        Assert.True(GuessableWords.CommonPasswords.Count > 40_000, $"{GuessableWords.CommonPasswords.Count}");
        Assert.True(taken.Count == 0, $"{taken.Count}: {string.Join(' ', taken.Take(40))}");
    }

    [Theory]
    [InlineData("rotation", 89, 23, false)]
    [InlineData("rotation", 90, 0, true)]      // the first moment of the ninety-first day
    [InlineData("nist", 4000, 0, false)]       // change on compromise only
    public void ACC_2_Rotation_expires_after_ninety_days_and_nist_never(string policy, int days, int hours, bool expected)
    {
        var setAt = DateTimeOffset.UnixEpoch;
        Assert.Equal(expected, PasswordPolicy.Of(policy, 15, 24, 90).IsExpired(setAt, setAt.AddDays(days).AddHours(hours)));
    }
}
