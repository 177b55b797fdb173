namespace DistillEncoder;

/// <summary>
/// Adds to every text one of its sentences, followed by the same with words left out, exchanged with their neighbours, or taken from
/// elsewhere in the text: pairs that nearly say the same, as classifiers of pairs compare.
/// </summary>
internal static class Rephrased
{
    private const int FewestWords = 6;
    private const int MostWords = 30;

    public static IEnumerable<string> AddTo(IEnumerable<string> texts, int seed)
    {
        var random = new Random(seed);
        foreach (var text in texts)
        {
            yield return text;
            var sentences = text.Split(". ").Where(sentence => sentence.Split(' ').Length is >= FewestWords and <= MostWords).ToList();
            if (sentences.Count > 0)
            {
                var words = sentences[random.Next(sentences.Count)].TrimEnd('.').Split(' ');
                yield return $"{string.Join(' ', words)}. {Change(words, text.Split(' '), random)}.";
            }
        }
    }

    private static string Change(string[] words, string[] others, Random random)
    {
        var share = random.NextDouble() / 3;
        var changed = words.ToList();
        for (var i = changed.Count - 1; i > 0; i--)
        {
            if (random.NextDouble() < share)
            {
                switch (random.Next(3))
                {
                    case 0:
                        changed.RemoveAt(i);
                        break;
                    case 1:
                        (changed[i], changed[i - 1]) = (changed[i - 1], changed[i]);
                        break;
                    default:
                        changed[i] = others[random.Next(others.Length)].TrimEnd('.');
                        break;
                }
            }
        }

        var sentence = string.Join(' ', changed);
        return sentence.Length == 0 ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
