using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet;

/// <summary>What student <see cref="EncoderDistillation"/> makes, and how it learns.</summary>
public sealed record EncoderDistillationOptions
{
    /// <summary>
    /// Pieces of an own WordPiece vocabulary, trained on the texts. Default: 12000. Null keeps the teacher's vocabulary and tokenizer.
    /// </summary>
    public int? VocabularySize { get; init; } = 12000;

    /// <summary>Whether the own vocabulary is of lower case letters without accents. Default: true.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>A tokenizer to use instead of training a vocabulary on the texts. Default: null.</summary>
    public HuggingFaceTokenizer? Tokenizer { get; init; }

    /// <summary>Layers of the student. Default: 3.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>
    /// The teacher's layer, from 0, that each of the student's starts from; instead of <see cref="Layers"/>. Default: null, evenly spaced
    /// ones: 0, 2, 4 of six.
    /// </summary>
    public IReadOnlyList<int>? TeacherLayers { get; init; }

    /// <summary>The teacher's layer, from 0, that the student's second-last layer learns from. Default: null, the one before the last of
    /// <see cref="TeacherLayers"/>.</summary>
    public int? InnerTeacherLayer { get; init; }

    /// <summary>
    /// Whether the word embeddings stay as they start. Default: false. Worth it where the teacher's vocabulary and width are kept: they are
    /// then the teacher's own, and AdamW's first large steps on rare tokens do not spoil them.
    /// </summary>
    public bool FreezeWordEmbeddings { get; init; }

    /// <summary>Features of a hidden state, at most the teacher's. Default: null, the teacher's.</summary>
    public int? Width { get; init; }

    /// <summary>Attention heads. Default: null, the teacher's, or one per 32 features of a narrower student.</summary>
    public int? Heads { get; init; }

    /// <summary>Inner size of the feed-forward layers. Default: null, four times the width.</summary>
    public int? IntermediateSize { get; init; }

    /// <summary>
    /// A student that exists already, to be trained further; the options above, but for <see cref="InnerTeacherLayer"/>, are then not used.
    /// Default: null.
    /// </summary>
    public PretrainedEncoder? Start { get; init; }

    /// <summary>
    /// Share of the segments of several sentences that both read as a pair of texts, as classifiers of pairs will. Default: 0, none.
    /// </summary>
    public double PairShare { get; init; }

    /// <summary>Weight of the squared error, and of the norms of sentence vectors, beside the cosine distance. Default: 0.1.</summary>
    public double ErrorWeight { get; init; } = 0.1;

    /// <summary>Weight of the words of the second-last layer, beside 1 for those of the last. Default: 0.3.</summary>
    public double InnerLayerWeight { get; init; } = 0.3;

    /// <summary>Weight of the sentences, beside 1 for the words of the last layer. Default: 2.</summary>
    public double SentenceWeight { get; init; } = 2;

    /// <summary>How the student's weights are stored. Default: 16 bits.</summary>
    public WeightStorage Storage { get; init; } = WeightStorage.Float16;

    /// <summary>How long and how fast it learns.</summary>
    public PretrainingOptions Training { get; init; } = new();

    /// <exception cref="ArgumentException">At least one option is wrong, or does not fit the teacher.</exception>
    internal void Validate(PretrainedEncoder teacher)
    {
        Training.Validate();
        var layers = TeacherLayers ?? [];
        (string Name, bool Right, object? Found, string Expected)[] checks =
        [
            (nameof(VocabularySize), VocabularySize is null or > 0, VocabularySize, "above 0"),
            (nameof(Layers), Layers > 0, Layers, "above 0"),
            (nameof(TeacherLayers), TeacherLayers is not [] && layers.All(layer => layer >= 0 && layer < teacher.Layers),
                string.Join(", ", layers), $"one or more from 0 to {teacher.Layers - 1}"),
            (nameof(InnerTeacherLayer), InnerTeacherLayer is null || (InnerTeacherLayer >= 0 && InnerTeacherLayer < teacher.Layers),
                InnerTeacherLayer, $"from 0 to {teacher.Layers - 1}"),
            (nameof(Width), Width is null or > 0, Width, "above 0"),
            (nameof(Heads), Heads is null or > 0, Heads, "above 0"),
            (nameof(IntermediateSize), IntermediateSize is null or > 0, IntermediateSize, "above 0"),
            (nameof(Storage), Enum.IsDefined(Storage), Storage, string.Join(" or ", Enum.GetNames<WeightStorage>())),
            (nameof(PairShare), PairShare is >= 0 and <= 1, PairShare, "from 0 to 1"),
            (nameof(ErrorWeight), ErrorWeight >= 0, ErrorWeight, "at least 0"),
            (nameof(InnerLayerWeight), InnerLayerWeight >= 0, InnerLayerWeight, "at least 0"),
            (nameof(SentenceWeight), SentenceWeight >= 0, SentenceWeight, "at least 0"),
        ];
        var faults = checks.Where(check => !check.Right).Select(check => $"{check.Name} must be {check.Expected}, found {check.Found}.").ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(EncoderDistillationOptions)}: {string.Join(" ", faults)}");
        }
    }
}
