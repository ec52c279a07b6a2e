namespace Chartroom.Platform.Identity;

/// <summary>The National Provider Identifier: ten digits, the first 1 or 2, the last a Luhn check digit over <c>80840</c> and the rest.</summary>
/// <seealso href="https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf"/>
public static class Npi
{
    private const int SumOfPrefix = 24;   // 80840 doubled and added as Luhn does, the same for everybody

    public static bool IsValid(string npi)
    {
        if (npi.Length != 10 || npi[0] is not ('1' or '2') || !npi.All(char.IsAsciiDigit)) return false;
        var sum = SumOfPrefix;
        for (var at = 0; at < npi.Length; at++)
        {
            var digit = npi[at] - '0';
            if (at % 2 == 0) digit = digit < 5 ? digit * 2 : (digit * 2) - 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }
}
